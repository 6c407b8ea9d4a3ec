/** The long connection's frames: protobuf (proto2), one frame per binary WebSocket message. */
import { parse } from 'protobufjs'

const DEFINITION = `
  syntax = "proto2";
  package pbbp2;
  message Header {
    required string key = 1;
    required string value = 2;
  }
  message Frame {
    required uint64 SeqID = 1;
    required uint64 LogID = 2;
    required int32 service = 3;
    required int32 method = 4;
    repeated Header headers = 5;
    optional string payload_encoding = 6;
    optional string payload_type = 7;
    optional bytes payload = 8;
    optional string LogIDNew = 9;
  }
`

const FrameType = parse(DEFINITION, { keepCase: true }).root.lookupType('pbbp2.Frame')

export const METHOD_CONTROL = 0
export const METHOD_DATA = 1

export interface Frame {
  SeqID: number
  LogID: number
  service: number
  method: number
  headers: { key: string; value: string }[]
  payload?: Uint8Array
}

export function encodeFrame(frame: Frame): Buffer {
  return Buffer.from(FrameType.encode(FrameType.fromObject(frame)).finish())
}

/** Throws on bytes that are no frame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const plain = FrameType.toObject(FrameType.decode(bytes), { longs: Number, bytes: Buffer, arrays: true })
  return plain as Frame
}

export const headersOf = (values: Record<string, string>): Frame['headers'] =>
  Object.entries(values).map(([key, value]) => ({ key, value }))

export const headerOf = (frame: Frame, key: string): string | undefined =>
  frame.headers.find((header) => header.key === key)?.value
