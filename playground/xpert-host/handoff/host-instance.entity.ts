import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One process that works on the queues. Times are PostgreSQL's: the virtual clock must not make a process look dead. */
@Entity('handoff_instance')
export class HostInstance {
  @PrimaryColumn('uuid')
  id!: string

  @Column({ type: 'varchar' })
  name!: string

  @Column({ type: 'int' })
  pid!: number

  @Column({ type: 'text', array: true })
  workerIds!: string[]

  @Column({ type: 'timestamptz', default: () => 'now()' })
  lastSeenAt!: Date
}
