package source

import (
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// joinPlain puts together what goccy/go-yaml v1.19.2 takes apart: in a list in
// brackets inside of braces, it reads [group:qa] as [{group: qa}], where YAML
// has a plain text, because no space follows the colon.
// https://yaml.org/spec/1.2.2/#733-plain-style
func joinPlain(tokens token.Tokens) token.Tokens {
	var out token.Tokens
	var open []token.Type // the brackets around
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch t.Type { //nolint:exhaustive // only brackets count
		case token.MappingStartType, token.SequenceStartType:
			open = append(open, t.Type)
		case token.MappingEndType, token.SequenceEndType:
			open = open[:max(len(open)-1, 0)]
		}
		inList := len(open) > 0 && open[len(open)-1] == token.SequenceStartType
		for inList && i+2 < len(tokens) && adjoin(t, tokens[i+1], tokens[i+2]) {
			t = joined(t, tokens[i+2])
			i += 2
		}
		out.Add(t)
	}
	return out
}

// adjoin reports whether a, colon and b stand side by side as one plain text.
func adjoin(a, colon, b *token.Token) bool {
	return colon.Type == token.MappingValueType && plain(a) && plain(b) &&
		a.Position.Line == colon.Position.Line && a.Position.Line == b.Position.Line &&
		colon.Position.Column == a.Position.Column+utf8.RuneCountInString(a.Value) &&
		b.Position.Column == colon.Position.Column+1
}

func plain(t *token.Token) bool {
	switch t.Type { //nolint:exhaustive // the rest are quotes and signs
	case token.StringType, token.IntegerType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType,
		token.FloatType, token.BoolType, token.NullType:
		return true
	}
	return false
}

func joined(a, b *token.Token) *token.Token {
	t := *a
	t.Type, t.CharacterType, t.Indicator = token.StringType, token.CharacterTypeMiscellaneous, token.NotIndicator
	t.Value, t.Origin = a.Value+":"+b.Value, a.Origin+":"+b.Origin
	return &t
}
