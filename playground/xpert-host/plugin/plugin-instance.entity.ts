import { Column, Entity, Index, PrimaryGeneratedColumn, UpdateDateColumn } from 'typeorm'

/** The installed plugin and the configuration that an admin gave it. */
@Entity('plugin_instance')
@Index(['pluginName', 'scopeKey'], { unique: true })
export class PluginInstance {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('text') pluginName!: string
  @Column('text') scopeKey!: string
  @Column('text') level!: string
  @Column('uuid') tenantId!: string
  @Column('jsonb') config!: Record<string, unknown>
  /** PLUGIN_CONFIG at the time of the change: a start with another PLUGIN_CONFIG is a new installation. */
  @Column('jsonb') installedConfig!: Record<string, unknown>
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date
}
