using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Cel;

/// <summary>The functions of the subset; a method's receiver is the target.</summary>
internal static class CelFunctions
{
    public static object? Call(string name, object? target, IReadOnlyList<object?> arguments) =>
        target switch
        {
            CelOptional optional => OfOptional(name, optional, arguments),
            string text => CelTextFunctions.Call(name, text, arguments),
            JsonObject map when name == "size" => (long)map.Count,
            DateTimeOffset moment => OfMoment(name, moment),
            CelDuration span => name == "duration" ? span
            : name == "string" ? Seconds(span)
            : CelTimes.Part(name, span),
            CelQuantity quantity => OfQuantity(name, quantity, arguments),
            _ when name == "dyn" => target,
            _ when CelValues.Items(target) is { } list => OfList(name, list, arguments),
            _ => OfNumber(name, target),
        };

    private static object? OfOptional(string name, CelOptional optional, IReadOnlyList<object?> arguments) =>
        name switch
        {
            "hasValue" => optional.HasValue,
            "orValue" => optional.HasValue ? optional.Value : arguments[0],
            "value" => optional.HasValue ? optional.Value : throw new CelException("optional.none() dereference"),
            _ => throw CelValues.NoOverload(),
        };

    private static object OfMoment(string name, DateTimeOffset moment) =>
        name switch
        {
            "timestamp" => moment,
            "int" => moment.ToUnixTimeSeconds(),
            "string" => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            _ => CelTimes.Part(name, moment),
        };

    private static object OfQuantity(string name, CelQuantity quantity, IReadOnlyList<object?> arguments)
    {
        var order = CelValues.Compare(quantity, arguments[0]);
        return name switch
        {
            "isLessThan" => order < 0,
            "isGreaterThan" => order > 0,
            "compareTo" => (long)Math.Sign(order),
            _ => throw CelValues.NoOverload(),
        };
    }

    private static object OfNumber(string name, object? target) =>
        (name, target) switch
        {
            ("string", long number) => number.ToString(CultureInfo.InvariantCulture),
            ("string", double number) => JsonNumbers.Text(number),
            ("string", bool flag) => flag ? "true" : "false",
            ("int", long number) => number,
            ("int", double number) => (long)number,
            ("double", long number) => (double)number,
            ("double", double number) => number,
            ("bool", bool flag) => flag,
            _ => throw CelValues.NoOverload(),
        };

    private static object? OfList(string name, IReadOnlyList<object?> list, IReadOnlyList<object?> arguments)
    {
        switch (name)
        {
            case "size":
                return (long)list.Count;
            case "join":
                return string.Join(
                    arguments.Count > 0 ? (string?)arguments[0] : "",
                    list.Select(item => item as string ?? throw CelValues.NoOverload())
                );
            case "isSorted":
                return !list.Skip(1).Where((item, index) => CelValues.Compare(list[index], item) > 0).Any();
            case "sum":
                return list.Aggregate((object?)0L, (sum, item) => sum is 0L ? item : CelOperators.Apply("+", sum, item));
            case "indexOf":
                return (long)list.ToList().FindIndex(item => CelValues.Same(item, arguments[0]));
            case "lastIndexOf":
                return (long)list.ToList().FindLastIndex(item => CelValues.Same(item, arguments[0]));
            case "min" or "max" when list.Count > 0:
                var sign = name == "min" ? 1 : -1;
                return list.Aggregate((best, item) => CelValues.Compare(best, item) * sign <= 0 ? best : item);
            case "min" or "max":
                throw new CelException($"{name} called on empty list");
            default:
                throw CelValues.NoOverload();
        }
    }

    private static string Seconds(CelDuration span) =>
        (span.Nanoseconds / 1e9m).ToString("0.#########", CultureInfo.InvariantCulture) + "s";
}
