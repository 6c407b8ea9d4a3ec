import { Column, CreateDateColumn, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'

@Entity('tenant')
export class Tenant {
  @PrimaryColumn('uuid') id!: string
  @Column('text') name!: string
}

@Entity('organization')
export class Organization {
  @PrimaryColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('text') name!: string
}

@Entity('role')
@Index(['tenantId', 'name'], { unique: true })
export class Role {
  @PrimaryColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('text') name!: string
  @Column('jsonb', { default: [] }) permissions!: string[]
}

@Entity('user')
@Index(['tenantId', 'thirdPartyId'], { unique: true, where: '"thirdPartyId" IS NOT NULL' })
export class User {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('text', { nullable: true }) email?: string | null
  @Column('text', { nullable: true }) username?: string | null
  @Column('text', { nullable: true }) firstName?: string | null
  @Column('text', { nullable: true }) lastName?: string | null
  @Column('text', { nullable: true }) mobile?: string | null
  @Column('text', { nullable: true }) imageUrl?: string | null
  @Column('text', { nullable: true }) preferredLanguage?: string | null
  @Column('text', { nullable: true }) timeZone?: string | null
  @Column('text', { nullable: true }) thirdPartyId?: string | null
  /** Null marks a ghost: an account that nobody can log in to. */
  @Column('text', { nullable: true }) hash?: string | null
  @Column('text', { default: 'user' }) type!: 'user' | 'technical'
  @Column('uuid', { nullable: true }) roleId?: string | null
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date
}

@Entity('user_organization')
@Index(['userId', 'organizationId'], { unique: true })
export class UserOrganization {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('uuid') userId!: string
  @Column('uuid') organizationId!: string
}

/** A platform account joined to the account of a provider, by the user's own consent. */
@Entity('account_binding')
@Index(['tenantId', 'provider', 'subjectId'], { unique: true })
@Index(['tenantId', 'provider', 'userId'], { unique: true })
export class AccountBinding {
  @PrimaryGeneratedColumn('uuid') id!: string
  @Column('uuid') tenantId!: string
  @Column('uuid') userId!: string
  @Column('text') provider!: string
  @Column('text') subjectId!: string
  @Column('jsonb', { nullable: true }) profile?: Record<string, unknown> | null
}

export const accountEntities = [Tenant, Organization, Role, User, UserOrganization, AccountBinding]
