package registry

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/signalbox/signalbox/internal/local/codepipeline/api"
)

// defaultPage is how many rows an ECR list has when the client does not say.
// (API reference of ECR, maxResults.)
const defaultPage = 100

// page cuts the page at token out of all, and makes the token of the next one,
// which is empty after the last. A token belongs to one list: of names it.
func page[T any](all []T, of, token string, size int) ([]T, string, error) {
	from := 0
	if token != "" {
		raw, err := base64.RawURLEncoding.DecodeString(token)
		at, found := strings.CutPrefix(string(raw), of+"\n")
		n, bad := strconv.Atoi(at)
		if err != nil || !found || bad != nil || n < 1 {
			return nil, "", api.Errorf(invalidParameter, "Invalid parameter at 'nextToken' failed to satisfy constraint: this list has not given it")
		}
		from = min(n, len(all))
	}
	to := min(from+size, len(all))
	if to == len(all) {
		return all[from:], "", nil
	}
	return all[from:to], base64.RawURLEncoding.EncodeToString([]byte(of + "\n" + strconv.Itoa(to))), nil
}
