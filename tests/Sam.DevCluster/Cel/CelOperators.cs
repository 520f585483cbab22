namespace Sam.DevCluster.Cel;

/// <summary>The operators: what types they take, and what they do.</summary>
internal static class CelOperators
{
    private static readonly string[] Ordered = ["int", "double", "string", "bool", "duration", "timestamp"];

    private static readonly Dictionary<(string Operator, string Left, string Right), string> Arithmetic = new()
    {
        [("+", "string", "string")] = "string",
        [("+", "duration", "duration")] = "duration",
        [("-", "duration", "duration")] = "duration",
        [("+", "timestamp", "duration")] = "timestamp",
        [("-", "timestamp", "duration")] = "timestamp",
        [("+", "duration", "timestamp")] = "timestamp",
        [("-", "timestamp", "timestamp")] = "duration",
    };

    public static CelType Resolve(string sign, CelType left, CelType right, int at)
    {
        if (Result(sign, left, right) is { } type)
            return type;
        var name = sign == "in" ? "@in" : $"_{sign}_";
        throw new CelException($"found no matching overload for '{name}' applied to '({left}, {right})'", at);
    }

    private static CelType? Result(string sign, CelType left, CelType right)
    {
        var isUnknown = left.IsDyn || right.IsDyn;
        switch (sign)
        {
            case "&&" or "||":
                return left.Fits(CelType.Bool) && right.Fits(CelType.Bool) ? CelType.Bool : null;
            case "==" or "!=":
                return left.Fits(right) ? CelType.Bool : null;
            case "in":
                var fits =
                    right.IsDyn
                    || (right.Name is "list" && left.Fits(right.Value!))
                    || (right.Name is "map" && left.Fits(CelType.Text));
                return fits ? CelType.Bool : null;
            case "<" or "<=" or ">" or ">=":
                var areNumbers = left.Name is "int" or "double" && right.Name is "int" or "double";
                return isUnknown || areNumbers || (left.Name == right.Name && Ordered.Contains(left.Name)) ? CelType.Bool : null;
            default:
                if (isUnknown)
                    return CelType.Dyn;
                if (left.Name == right.Name && (left.Name == "int" || (left.Name == "double" && sign != "%")))
                    return left;
                if (sign == "+" && left.Name == "list" && left.Fits(right))
                    return left;
                return Arithmetic.TryGetValue((sign, left.Name, right.Name), out var name) ? new CelType(name) : null;
        }
    }

    public static object Apply(string sign, object? left, object? right) =>
        (sign, left, right) switch
        {
            ("==", _, _) => CelValues.Same(left, right),
            ("!=", _, _) => !CelValues.Same(left, right),
            ("in", _, _) => CelValues.IsIn(left, right),
            ("<", _, _) => CelValues.Compare(left, right) < 0,
            ("<=", _, _) => CelValues.Compare(left, right) <= 0,
            (">", _, _) => CelValues.Compare(left, right) > 0,
            (">=", _, _) => CelValues.Compare(left, right) >= 0,
            ("+", string a, string b) => a + b,
            ("/", long, 0L) => throw new CelException("division by zero"),
            ("%", long, 0L) => throw new CelException("modulus by zero"),
            (_, long a, long b) => Whole(sign, a, b),
            (_, double a, double b) => sign switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                "/" => a / b,
                _ => throw CelValues.NoOverload(),
            },
            ("+", CelDuration a, CelDuration b) => new CelDuration(a.Nanoseconds + b.Nanoseconds),
            ("-", CelDuration a, CelDuration b) => new CelDuration(a.Nanoseconds - b.Nanoseconds),
            ("+", DateTimeOffset a, CelDuration b) => a.AddTicks(b.Nanoseconds / 100),
            ("+", CelDuration a, DateTimeOffset b) => b.AddTicks(a.Nanoseconds / 100),
            ("-", DateTimeOffset a, CelDuration b) => a.AddTicks(-b.Nanoseconds / 100),
            ("-", DateTimeOffset a, DateTimeOffset b) => new CelDuration((a - b).Ticks * 100),
            ("+", _, _) when CelValues.Items(left) is { } a && CelValues.Items(right) is { } b => a.Concat(b).ToList(),
            _ => throw CelValues.NoOverload(),
        };

    private static long Whole(string sign, long a, long b)
    {
        try
        {
            return sign switch
            {
                "+" => checked(a + b),
                "-" => checked(a - b),
                "*" => checked(a * b),
                "/" => checked(a / b),
                "%" => b == -1 ? 0 : a % b,
                _ => throw CelValues.NoOverload(),
            };
        }
        catch (OverflowException)
        {
            throw new CelException("integer overflow");
        }
    }
}
