import { Column, CreateDateColumn, Entity, Index, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm'

@Entity('integration')
@Index(['tenantId', 'organizationId'])
export class Integration {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('uuid', { nullable: true }) organizationId?: string | null
  @Column('text') name!: string
  @Column('text', { nullable: true }) description?: string | null
  @Column('jsonb', { nullable: true }) avatar?: unknown
  @Column('text', { nullable: true, unique: true }) slug?: string | null
  @Column('text') provider!: string
  @Column('jsonb', { nullable: true }) options?: Record<string, unknown> | null
  @Column('jsonb', { nullable: true }) features?: string[] | null
  @Column('uuid', { nullable: true }) userId?: string | null
  @Column('uuid', { nullable: true }) createdById?: string | null
  @Column('uuid', { nullable: true }) updatedById?: string | null
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date
}
