using System.Text.Json.Nodes;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;

namespace Sam.DevCluster.Patches;

/// <summary>RFC 6902.</summary>
internal static class JsonPatch
{
    public static JsonObject Apply(JsonObject target, JsonArray operations)
    {
        JsonNode? root = target.DeepClone();
        foreach (var operation in operations)
            root = Step(root, operation as JsonObject ?? throw Refused());
        return root as JsonObject ?? throw Refused();
    }

    private static JsonNode? Step(JsonNode? root, JsonObject operation)
    {
        var path = Split(operation.Text("path") ?? throw Refused());
        switch (operation.Text("op"))
        {
            case "add":
                return Add(root, path, Value(operation));
            case "remove":
                return Remove(root, path);
            case "replace":
                if (path.Length == 0)
                    return Value(operation);
                return Find(root, path.AsSpan(0, path.Length - 1)) is JsonObject
                    ? Add(root, path, Value(operation)) // the real server does not ask whether the key is there
                    : Add(Remove(root, path), path, Value(operation));
            case "move":
                var from = Split(operation.Text("from") ?? throw Refused());
                var moved = Find(root, from)?.DeepClone();
                return Add(Remove(root, from), path, moved);
            case "copy":
                return Add(root, path, Find(root, Split(operation.Text("from") ?? throw Refused()))?.DeepClone());
            case "test":
                return JsonAccess.Same(Find(root, path, lenient: true), operation.Child("value")) ? root : throw Refused();
            default:
                throw Refused();
        }
    }

    private static JsonNode? Value(JsonObject operation) =>
        operation.ContainsKey("value") ? operation["value"]?.DeepClone() : throw Refused();

    private static string[] Split(string pointer)
    {
        if (pointer.Length == 0)
            return [];
        if (pointer[0] != '/')
            throw Refused();
        return [.. pointer[1..].Split('/').Select(step => step.Replace("~1", "/").Replace("~0", "~"))];
    }

    private static JsonNode? Find(JsonNode? node, ReadOnlySpan<string> path, bool lenient = false)
    {
        foreach (var step in path)
        {
            switch (node)
            {
                case JsonObject o when o.TryGetPropertyValue(step, out var value):
                    node = value;
                    break;
                case JsonArray list when int.TryParse(step, out var index) && index >= 0 && index < list.Count:
                    node = list[index];
                    break;
                default:
                    return lenient ? null : throw Refused();
            }
        }
        return node;
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value)
    {
        if (path.Length == 0)
            return value;
        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject o:
                o[path[^1]] = value;
                return root;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                return root;
            case JsonArray list when int.TryParse(path[^1], out var index) && index >= 0 && index <= list.Count:
                list.Insert(index, value);
                return root;
            default:
                throw Refused();
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
            return null;
        switch (Find(root, path.AsSpan(0, path.Length - 1)))
        {
            case JsonObject o when o.Remove(path[^1]):
                return root;
            case JsonArray list when int.TryParse(path[^1], out var index) && index >= 0 && index < list.Count:
                list.RemoveAt(index);
                return root;
            default:
                throw Refused();
        }
    }

    private static StatusException Refused() =>
        new(422, "Invalid", "the server rejected our request due to an error in our request", []);
}
