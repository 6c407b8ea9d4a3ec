import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm'

@Entity('plugin_fixture_note')
export class FixtureNote {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('text') text!: string
}
