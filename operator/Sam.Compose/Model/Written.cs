using System.Text.Json.Nodes;

namespace Sam.Compose.Model;

/// <summary>
/// What the file says, interpolated and in the long form of `docker compose config`, for keys that have no effect and for those that the model says
/// in other words. It is shown by `kubectl sam compose` and is in no release.
/// </summary>
public sealed class Written
{
    private readonly JsonObject _values = [];

    /// <summary>Keeps what a key says.</summary>
    public void Keep(string key, JsonNode? value) => _values[key] = value;

    /// <summary>Everything that is kept, by key.</summary>
    public IEnumerable<KeyValuePair<string, JsonNode?>> All =>
        _values.Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone()));
}
