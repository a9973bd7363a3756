package build

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// why says in a few words why a call failed for which action has to be
// allowed. It quotes nothing of what the service has said but its code.
func why(err error, action string) string {
	var said smithy.APIError
	switch {
	case errors.As(err, &said) && denied(said.ErrorCode()):
		return "Signalbox is not allowed to (" + action + ")"
	case errors.As(err, &said) && throttled(said.ErrorCode()):
		return "AWS was asked too often at that time"
	case errors.As(err, &said) && said.ErrorCode() != "":
		return "AWS answered " + text(said.ErrorCode(), maxWord)
	case errors.Is(err, context.DeadlineExceeded):
		return "there was no answer in time"
	}
	return "there was no answer"
}

func denied(code string) bool {
	return strings.HasPrefix(code, "AccessDenied") || code == "UnauthorizedOperation" || code == "NotAuthorized"
}

func throttled(code string) bool {
	_, ok := retry.DefaultThrottleErrorCodes[code]
	return ok
}

// gone reports whether the service does not have what it was asked for.
func gone(err error) bool {
	var said smithy.APIError
	return errors.As(err, &said) && said.ErrorCode() == "ResourceNotFoundException"
}

// passing is err with what was being done, or nil if the answer will be the
// same next time.
func passing(doing string, err error) error {
	var answer *smithyhttp.ResponseError
	var said smithy.APIError
	if errors.As(err, &answer) && errors.As(err, &said) && answer.HTTPStatusCode() < http.StatusInternalServerError && said.ErrorCode() != "" {
		if _, passes := retry.DefaultRetryableErrorCodes[said.ErrorCode()]; !passes && !throttled(said.ErrorCode()) {
			return nil
		}
	}
	return fmt.Errorf("%s: %w", doing, err)
}
