import { Provider, Type } from '@nestjs/common'
import { Doctor } from './doctor'
import { Examination } from './examination'
import { LarkDoctorController } from './lark-doctor.controller'

export { Doctor, DoctorReport, RenderedLine, renderLine } from './doctor'
export { DoctorLine, Verdict } from './doctor-lines'

export const doctorControllers: Type[] = [LarkDoctorController]
export const doctorProviders: Provider[] = [Examination, Doctor]
