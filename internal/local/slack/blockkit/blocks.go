package blockkit

// Where an element may stand.
var (
	typed = []string{"plain_text_input", "email_text_input", "url_text_input", "number_input"}
	menus = []string{
		"static_select", "multi_static_select", "users_select", "channels_select", "conversations_select",
		"multi_users_select", "checkboxes", "radio_buttons", "datepicker", "timepicker",
	}
	inActions   = only(elements, append([]string{"button", "overflow", "datetimepicker"}, menus...)...)
	inAccessory = only(elements, append([]string{"button", "overflow", "image"}, menus...)...)
	inInput     = only(elements, append(append([]string{"datetimepicker"}, menus...), typed...)...)
)

// maxMarkdown is the length of a markdown block, and of all of a message.
const maxMarkdown = 12_000

// viewBlocks are the blocks that a modal may hold.
var viewBlocks = map[string]object{
	"section": block(object{
		optional: rules{
			"text":      rich(3000),
			"fields":    listOf(1, 10, rich(2000)),
			"accessory": oneOf(inAccessory),
			"expand":    boolean,
		},
		also: func(c *checker, at string, m map[string]any) {
			if m["text"] == nil && m["fields"] == nil {
				c.add(at, "must define either `fields` or `text`")
			}
		},
	}),
	"header":  block(object{required: rules{"text": plain(150)}}),
	"divider": block(object{}),
	"image": block(object{
		required: picture.required,
		optional: rules{"title": plain(2000)},
	}),
	"context":   block(object{required: rules{"elements": listOf(1, 10, inContext)}}),
	"actions":   block(object{required: rules{"elements": listOf(1, 25, oneOf(inActions))}}),
	"rich_text": block(object{required: rules{"elements": listOf(1, 1000, oneOf(richTextElements))}}),
	"input": block(object{
		required: rules{"label": plain(2000), "element": oneOf(inInput)},
		optional: rules{"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
	}),
}

// messageBlocks are the blocks that a message may hold.
var messageBlocks = func() map[string]object {
	all := map[string]object{
		"markdown": block(object{required: rules{"text": words(maxMarkdown)}}),
	}
	for name, o := range viewBlocks {
		all[name] = o
	}
	return all
}()

// inContext is a small picture or a text.
func inContext(c *checker, at string, v any) {
	table := textObjects(3000)
	table["image"] = picture
	oneOf(table)(c, at, v)
}

// block adds what every block may have.
func block(o object) object {
	o.optional = join(rules{"block_id": characters(1, maxID)}, o.optional)
	return o
}
