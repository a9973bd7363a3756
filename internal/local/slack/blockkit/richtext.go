package blockkit

// textStyle is how a piece of rich text looks.
var textStyle = object{optional: rules{
	"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean,
}}.check

// richTextPieces are what rich text is made of.
var richTextPieces = map[string]object{
	"text":      {required: rules{"text": words(maxMarkdown)}, optional: rules{"style": textStyle}},
	"link":      {required: rules{"url": webAddress}, optional: rules{"text": words(3000), "style": textStyle, "unsafe": boolean}},
	"user":      {required: rules{"user_id": characters(1, maxID)}, optional: rules{"style": textStyle}},
	"usergroup": {required: rules{"usergroup_id": characters(1, maxID)}, optional: rules{"style": textStyle}},
	"channel":   {required: rules{"channel_id": characters(1, maxID)}, optional: rules{"style": textStyle}},
	"broadcast": {required: rules{"range": choice("here", "channel", "everyone")}},
	"emoji":     {required: rules{"name": characters(1, maxID)}, optional: rules{"unicode": characters(1, maxID), "style": textStyle}},
	"color":     {required: rules{"value": characters(4, 7)}},
	"date": {
		required: rules{"timestamp": whole(0, 9_999_999_999), "format": characters(1, maxID)},
		optional: rules{"url": webAddress, "fallback": words(3000), "style": textStyle},
	},
}

var (
	pieces          = listOf(1, 1000, oneOf(richTextPieces))
	richTextSection = object{required: rules{"elements": pieces}}
)

// richTextElements are the paragraphs of a rich_text block.
var richTextElements = map[string]object{
	"rich_text_section":      richTextSection,
	"rich_text_quote":        {required: rules{"elements": pieces}, optional: rules{"border": whole(0, 1)}},
	"rich_text_preformatted": {required: rules{"elements": pieces}, optional: rules{"border": whole(0, 1), "language": characters(1, maxID)}},
	"rich_text_list": {
		required: rules{
			"style":    choice("ordered", "bullet"),
			"elements": listOf(1, 1000, oneOf(map[string]object{"rich_text_section": richTextSection})),
		},
		optional: rules{"indent": whole(0, 8), "border": whole(0, 1), "offset": whole(0, 1000)},
	},
}
