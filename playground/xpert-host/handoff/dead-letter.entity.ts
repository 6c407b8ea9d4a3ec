import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import type { HandoffMessage } from './handoff-message'

/** A message that will never be processed again, with the reason. */
@Entity('handoff_dead_letter')
@Index(['queue'])
export class DeadLetter {
  @PrimaryGeneratedColumn('uuid')
  id!: string

  @Column({ type: 'varchar' })
  queue!: string

  @Column({ type: 'varchar', nullable: true })
  messageId!: string | null

  @Column({ type: 'varchar', nullable: true })
  type!: string | null

  @Column({ type: 'text' })
  reason!: string

  @Column({ type: 'jsonb' })
  message!: HandoffMessage

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt!: Date
}
