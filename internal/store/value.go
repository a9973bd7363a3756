package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func text(s string) *types.AttributeValueMemberS { return &types.AttributeValueMemberS{Value: s} }

func number(n int64) *types.AttributeValueMemberN {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

// moment is t as a number that compares exactly as t does. It is written as
// DynamoDB would return it, without zeros at the end.
func moment(t time.Time) *types.AttributeValueMemberN {
	digits := strings.TrimRight(fmt.Sprintf("%d.%09d", t.Unix(), t.Nanosecond()), "0")
	return &types.AttributeValueMemberN{Value: strings.TrimSuffix(digits, ".")}
}

// removal is when DynamoDB may remove what belongs to a request that expires
// at t, or what matters last at t.
func removal(t time.Time) *types.AttributeValueMemberN { return number(t.Add(retention).Unix()) }

func textOf(item map[string]types.AttributeValue, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func numberOf(item map[string]types.AttributeValue, name string) (int64, error) {
	v, ok := item[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0, fmt.Errorf("it has no %s", name)
	}
	return strconv.ParseInt(v.Value, 10, 64)
}

// maxItem is how many bytes DynamoDB takes in one item, names included.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxItem = 400 * 1024

// fits checks the size of an item that holds what is named. DynamoDB would
// refuse it too, in a transaction without saying which item it means.
func fits(item map[string]types.AttributeValue, what string) error {
	const anyNumber = 21 // bytes, at most
	size := 0
	for name, v := range item {
		size += len(name)
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			size += len(v.Value)
		default:
			size += anyNumber
		}
	}
	if size > maxItem {
		return fmt.Errorf("%s is too large: it takes %d bytes, and DynamoDB keeps at most %d together", what, size, maxItem)
	}
	return nil
}
