import { BlockList, isIP, isIPv6 } from 'node:net'

/** Everything that is not the public internet (IANA special-purpose registries), by prefix. */
const V4: [string, number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4]
]

/** Only 2000::/3 is global unicast at all; within it what tunnels or documents. */
const V6_GLOBAL: [string, number] = ['2000::', 3]
const V6: [string, number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20]
]

const blocked4 = new BlockList()
for (const [net, prefix] of V4) blocked4.addSubnet(net, prefix, 'ipv4')
const blocked6 = new BlockList()
for (const [net, prefix] of V6) blocked6.addSubnet(net, prefix, 'ipv6')
const global6 = new BlockList()
global6.addSubnet(...V6_GLOBAL, 'ipv6')

/**
 * Whether an address belongs to the public internet. IPv4 in IPv6 (`::ffff:127.0.0.1`, NAT64 `64:ff9b::`, 6to4) is not: it
 * is another way to the same private networks, and no public server needs it.
 */
export const isPublicAddress = (address: string): boolean => {
  const version = isIP(address)
  if (version === 4) return !blocked4.check(address, 'ipv4')
  if (version !== 6 || address.includes('%')) return false
  return global6.check(address, 'ipv6') && !blocked6.check(address, 'ipv6')
}

/** The host of a URL as an address: IPv6 stands in brackets there. Undefined for a name. */
export const addressIn = (hostname: string): string | undefined => {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname
  return isIP(bare) !== 0 ? bare : undefined
}

export const familyOf = (address: string): 4 | 6 => (isIPv6(address) ? 6 : 4)
