// Package config carries the JSON Schema of the configuration file beside it,
// so that editors and `signalbox config validate` go by the same rules.
//
// Besides what JSON Schema says, the schema has patternErrorMessage: what to
// write instead when a pattern does not fit, understood by yaml-language-server
// and by internal/config/source.
package config

import _ "embed" // for Schema

// Schema is signalbox.schema.json, of draft 2020-12.
//
//go:embed signalbox.schema.json
var Schema []byte
