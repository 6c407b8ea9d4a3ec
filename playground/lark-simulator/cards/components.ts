/**
 * Properties that each component of card JSON 2.0 may have. The platform refuses unknown properties in 2.0 and ignores
 * them in 1.0. Lists follow the component pages of the card documentation.
 */
const LAYOUT = 'direction padding horizontal_spacing horizontal_align vertical_spacing vertical_align'
const CALL = 'behaviors confirm hover_tips disabled disabled_tips'
const BOX = 'width height background_style has_border border_color corner_radius'
const INPUT_LOOK = 'show_icon rows auto_resize max_rows label label_position'
const IMAGE_LOOK = 'size scale_type corner_radius transparent preview mode custom_width compact_width'
const FIELD = `name required width value ${CALL}`

const PROPERTIES: Record<string, string> = {
  markdown: 'content text_size text_align text_color icon i18n_content',
  plain_text: 'content text_size text_align text_color lines i18n i18n_content',
  lark_md: 'content text_size text_align text_color lines i18n i18n_content',
  div: 'text icon fields width',
  hr: '',
  img: `img_key i18n_img_key alt title ${IMAGE_LOOK}`,
  img_combination: 'combination_mode combination_transparent img_list img_list_length corner_radius',
  button: `type size width text icon name required form_action_type ${CALL}`,
  column_set: 'flex_mode horizontal_spacing horizontal_align background_style columns action',
  column: `background_style width weight elements action ${LAYOUT}`,
  form: `name elements confirm fallback ${LAYOUT}`,
  interactive_container: `${BOX} elements ${LAYOUT} ${CALL}`,
  collapsible_panel: `background_color background_style expanded header border elements ${LAYOUT}`,
  table: 'page_size row_height row_max_height freeze_first_column header_style columns rows',
  chart: 'aspect_ratio color_theme chart_spec preview height',
  person: 'user_id size show_avatar show_name style',
  person_list: 'persons size lines show_avatar show_name icon ud_icon drop_invalid_user_id',
  input: `placeholder default_value max_length input_type ${INPUT_LOOK} fallback ${FIELD}`,
  select_static: `type placeholder initial_index initial_option options ${FIELD}`,
  multi_select_static: `type placeholder selected_values options ${FIELD}`,
  select_person: `type placeholder initial_option options ${FIELD}`,
  multi_select_person: `type placeholder selected_values options ${FIELD}`,
  select_img: `multi_select layout can_preview aspect_ratio options style ${FIELD}`,
  date_picker: `placeholder initial_date ${FIELD}`,
  picker_time: `placeholder initial_time ${FIELD}`,
  picker_datetime: `placeholder initial_datetime ${FIELD}`,
  overflow: `options ${FIELD}`,
  checker: `checked text overall_checkable button_area checked_style padding ${FIELD}`,
  audio: `file_key audio_id show_time show_progress_bar background_color style ${FIELD}`,
  text_tag: 'text color',
  standard_icon: 'token color size',
  custom_icon: 'img_key size'
}

const KNOWN = new Map(
  Object.entries(PROPERTIES).map(([tag, names]) => [tag, new Set(['tag', 'element_id', 'margin', ...names.split(' ')])])
)

export const ROOT_PROPERTIES = new Set(['schema', 'config', 'card_link', 'header', 'body'])

export const CONFIG_PROPERTIES = new Set([
  'streaming_mode',
  'streaming_config',
  'summary',
  'locales',
  'enable_forward',
  'enable_forward_interaction',
  'update_multi',
  'width_mode',
  'wide_screen_mode',
  'use_custom_translation',
  'style'
])

export const HEADER_PROPERTIES = new Set([
  'title',
  'subtitle',
  'text_tag_list',
  'i18n_text_tag_list',
  'template',
  'icon',
  'ud_icon',
  'padding'
])

export const BODY_PROPERTIES = new Set([...LAYOUT.split(' '), 'elements'])

/** Tags of 1.0 that 2.0 no longer takes. */
export const REMOVED_TAGS = new Set(['action', 'note'])

/** undefined = no such component. */
export const propertiesOf = (tag: string): Set<string> | undefined => KNOWN.get(tag)
