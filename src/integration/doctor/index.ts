import { Provider, Type } from '@nestjs/common'
import { Doctor } from './doctor'
import { Examination } from './examination'
import { LarkDoctorController } from './lark-doctor.controller'
import { OwnRecords } from './own-records'

export { Doctor, DoctorReport, RenderedLine, renderLine } from './doctor'
export { DoctorLine } from './doctor-lines'
export { reactionText } from './reaction-text'
export { Verdict } from './said'

export const doctorControllers: Type[] = [LarkDoctorController]
export const doctorProviders: Provider[] = [OwnRecords, Examination, Doctor]
