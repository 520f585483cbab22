namespace Sam.DevCluster.Http;

/// <summary>Booleans of a query: a value that is none counts as true, as in the real server.</summary>
internal static class QueryFlags
{
    public static bool IsSet(IQueryCollection query, string name) =>
        query[name] is { Count: > 0 } values && values[0] is not ("false" or "0" or "False" or "F" or "f");
}
