package source_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	configfile "github.com/signalbox/signalbox/config"
	"github.com/signalbox/signalbox/internal/people"
)

// explained are the keywords that problems have words for, and the ones that
// can have no problem.
var explained = map[string]bool{
	"type": true, "additionalProperties": true, "required": true, "const": true, "propertyNames": true,
	"minItems": true, "maxItems": true, "uniqueItems": true, "minProperties": true, "maxLength": true, "pattern": true,
	"$schema": true, "$id": true, "$ref": true, "$defs": true, "properties": true, "items": true,
	"title": true, "description": true, "examples": true, "default": true, "patternErrorMessage": true,
	"enum": true, "minimum": true, "maximum": true,
}

// TestSchemaHelpsPeople: each keyword can be explained when it is violated,
// each setting says in an editor what it is for, and each pattern has words.
func TestSchemaHelpsPeople(t *testing.T) {
	t.Parallel()
	var schema map[string]any
	if err := json.Unmarshal(configfile.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	defs, _ := schema["$defs"].(map[string]any)
	checkSchema(t, "#", schema)
	for name, def := range defs {
		checkSchema(t, "#/$defs/"+name, def.(map[string]any))
	}
}

func checkSchema(t *testing.T, at string, schema map[string]any) {
	t.Helper()
	for keyword := range schema {
		if !explained[keyword] {
			t.Errorf("%s: %s has no words in explain.go", at, keyword)
		}
	}
	if schema["pattern"] != nil && schema["patternErrorMessage"] == nil {
		t.Errorf("%s: a pattern without patternErrorMessage", at)
	}
	properties, _ := schema["properties"].(map[string]any)
	if len(properties) > 0 && schema["additionalProperties"] != false {
		t.Errorf("%s: settings that nobody knows would be ignored", at)
	}
	if items, ok := schema["items"].(map[string]any); ok {
		checkSchema(t, at+"/items", items)
	}
	for name, p := range properties {
		property := p.(map[string]any)
		if property["description"] == nil && property["$ref"] != "#/$defs/match" {
			t.Errorf("%s: %s has no description", at, name)
		}
		checkSchema(t, at+"/"+name, property)
	}
}

// TestEveryAddressOfTheSchemaIsOne: what the schema lets through as an address,
// the domain takes for one.
func TestEveryAddressOfTheSchemaIsOne(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs struct {
			Person struct {
				Properties struct {
					Email struct{ Pattern string }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(configfile.Schema, &schema); err != nil {
		t.Fatal(err)
	}
	form := rapid.StringMatching(schema.Defs.Person.Properties.Email.Pattern)
	rapid.Check(t, func(t *rapid.T) {
		address := form.Draw(t, "address")
		if err := people.CheckEmail(address); err != nil && len(address) <= 254 {
			t.Errorf("%q: %v", address, err)
		}
	})
}
