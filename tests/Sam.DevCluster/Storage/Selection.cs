using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Storage;

/// <summary>Which objects of a resource a request is about.</summary>
internal sealed class Selection
{
    private readonly ResourceType _type;
    private readonly string _namespace;
    private readonly LabelSelector _labels;
    private readonly List<(string Field, bool Equal, string Value)> _fields;

    public Selection(ResourceType type, string @namespace, string? labels, string? fields)
    {
        _type = type;
        _namespace = @namespace;
        try
        {
            _labels = LabelSelector.Parse(labels);
        }
        catch (FormatException fault)
        {
            throw Failures.BadRequest(fault.Message);
        }
        _fields = [.. ParseFields(fields)];
    }

    public string Namespace => _namespace;

    public bool IsSelective => !_labels.IsEmpty || _fields.Count > 0;

    public bool Matches(StoredObject stored)
    {
        if (_namespace.Length > 0 && stored.Namespace != _namespace)
            return false;
        if (!_labels.Matches(stored.Labels))
            return false;
        JsonObject? node = null;
        foreach (var (field, equal, value) in _fields)
        {
            var actual = field switch
            {
                "metadata.name" => stored.Name,
                "metadata.namespace" => stored.Namespace,
                _ => _type.Strategy.Select(node ??= _type.Read(stored), field),
            };
            if (actual == value != equal)
                return false;
        }
        return true;
    }

    private IEnumerable<(string Field, bool Equal, string Value)> ParseFields(string? text)
    {
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var sign =
                part.Contains("!=") ? "!="
                : part.Contains("==") ? "=="
                : "=";
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0)
                throw Failures.BadRequest($"invalid selector: '{text}'; can't understand '{part}'");
            var field = part[..at];
            if (_type.Strategy.Select([], field) is null)
                throw Failures.BadRequest(
                    _type.IsCustom || _type.Strategy.HasOwnSelectors
                        ? $"field label not supported: {field}"
                        : $"\"{field}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                );
            yield return (field, sign != "!=", part[(at + sign.Length)..]);
        }
    }
}
