import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Index,
  PrimaryGeneratedColumn,
  UpdateDateColumn
} from 'typeorm'
import type { ExpertScript } from '../handoff/handoff-message'

/** One trigger node of a published graph; `from` is the trigger strategy's key, at most one node a key. */
export interface TriggerNode {
  from: string
  config: Record<string, unknown>
}

/** A version of a Digital Expert: versions are rows of the same type, slug and workspace, at most one of them `latest`. */
@Entity('xpert')
@Index(['tenantId', 'organizationId'])
export class Xpert {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('uuid', { nullable: true }) organizationId?: string | null
  @Column('uuid', { nullable: true }) workspaceId?: string | null
  @Column('text') name!: string
  @Column('varchar', { length: 10, default: 'agent' }) type!: string
  @Column('varchar', { length: 100, default: '' }) slug!: string
  @Column('varchar', { length: 20, nullable: true }) version?: string | null
  @Column('boolean', { nullable: true }) latest?: boolean | null
  /** The expert's technical user: runs of the assistant principal are its runs. */
  @Column('uuid') userId!: string
  @Column('jsonb') script!: ExpertScript
  /** Trigger nodes of the last publication. */
  @Column('jsonb', { default: [] }) triggers!: TriggerNode[]
  @Column('timestamptz', { nullable: true }) publishAt?: Date | null
  @Column('uuid', { nullable: true }) createdById?: string | null
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date
  @DeleteDateColumn() deletedAt?: Date | null
}
