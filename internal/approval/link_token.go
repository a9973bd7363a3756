package approval

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// ErrMalformed means that a text is no token of ours, or was cut short on its
// way.
var ErrMalformed = errors.New("malformed token")

// A Purpose says what a token is good for. The zero value is good for nothing.
type Purpose byte

// PurposeAnswer is for opening the page on which a request is answered.
const PurposeAnswer Purpose = 1

// Claims is what a token says. Until its MAC has been verified anybody may
// have said it.
type Claims struct {
	RequestID string
	PersonKey string
	// ExpiresAt has whole seconds.
	ExpiresAt time.Time
	Purpose   Purpose
}

// The layout of a payload: request, person, expiry, purpose.
const (
	requestBytes = 16
	personBytes  = 8
	expiryBytes  = 4
	payloadBytes = requestBytes + personBytes + expiryBytes + 1
	// macBytes is what HMAC-SHA-256 returns.
	macBytes = 32

	tokenVersion = "v1"
	// tokenLength is a version, two dots and both parts in base64.
	tokenLength = len(tokenVersion) + 1 + (payloadBytes*8+5)/6 + 1 + (macBytes*8+5)/6
)

// linkDomain keeps a MAC of a link from meaning anything elsewhere.
const linkDomain = "signalbox/email-link/v1\x00"

// Message is the input of the MAC of c.
func (c Claims) Message() ([]byte, error) {
	payload, err := c.payload()
	if err != nil {
		return nil, err
	}
	return append([]byte(linkDomain), payload...), nil
}

// Token is c signed with mac, the MAC of c.Message: 86 characters that need no
// escaping in a query.
func (c Claims) Token(mac []byte) (string, error) {
	payload, err := c.payload()
	if err != nil {
		return "", err
	}
	if len(mac) != macBytes {
		return "", fmt.Errorf("sign link: the MAC has %d bytes, not %d", len(mac), macBytes)
	}
	enc := base64.RawURLEncoding
	return tokenVersion + "." + enc.EncodeToString(payload) + "." + enc.EncodeToString(mac), nil
}

func (c Claims) payload() ([]byte, error) {
	id, err := idEncoding.DecodeString(c.RequestID)
	if err != nil || len(id) != requestBytes || idEncoding.EncodeToString(id) != c.RequestID {
		return nil, fmt.Errorf("sign link: %q is no request id", c.RequestID)
	}
	person, err := hex.DecodeString(c.PersonKey)
	if err != nil || len(person) != personBytes || hex.EncodeToString(person) != c.PersonKey {
		return nil, fmt.Errorf("sign link: %q is no person key", c.PersonKey)
	}
	expires := c.ExpiresAt.Unix()
	if expires <= 0 || expires > math.MaxUint32 {
		return nil, fmt.Errorf("sign link: cannot expire at %s", c.ExpiresAt)
	}
	payload := append(id, person...)
	payload = binary.BigEndian.AppendUint32(payload, uint32(expires))
	return append(payload, byte(c.Purpose)), nil
}

// ParseToken reads a token without believing it: the caller has the MAC
// verified over Claims.Message before it acts on the claims. There is exactly
// one way to write a token down; everything else fails with ErrMalformed.
func ParseToken(token string) (Claims, []byte, error) {
	if len(token) != tokenLength {
		return Claims{}, nil, ErrMalformed
	}
	version, rest, _ := strings.Cut(token, ".")
	head, tail, _ := strings.Cut(rest, ".")
	payload, err := decodePart(head, payloadBytes)
	if err != nil || version != tokenVersion {
		return Claims{}, nil, ErrMalformed
	}
	mac, err := decodePart(tail, macBytes)
	if err != nil {
		return Claims{}, nil, ErrMalformed
	}
	c := Claims{
		RequestID: idEncoding.EncodeToString(payload[:requestBytes]),
		PersonKey: hex.EncodeToString(payload[requestBytes:][:personBytes]),
		ExpiresAt: time.Unix(int64(binary.BigEndian.Uint32(payload[requestBytes+personBytes:])), 0).UTC(),
		Purpose:   Purpose(payload[payloadBytes-1]),
	}
	if c.ExpiresAt.Unix() == 0 { // nothing that can be signed says this
		return Claims{}, nil, ErrMalformed
	}
	return c, mac, nil
}

// decodePart decodes base64 of size bytes. It encodes the result again to see
// that the text was canonical: the decoder skips line breaks.
func decodePart(text string, size int) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != size || base64.RawURLEncoding.EncodeToString(raw) != text {
		return nil, ErrMalformed
	}
	return raw, nil
}
