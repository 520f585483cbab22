using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Http;

/// <summary>One page of a list at one version.</summary>
internal sealed class ListPage
{
    private readonly RequestTarget _target;

    public ListPage(ObjectStore store, RequestTarget target, IQueryCollection query)
    {
        _target = target;
        ListOptions.CheckList(query);
        var selection = new Selection(target.Type, target.Namespace, query["labelSelector"], query["fieldSelector"]);
        var limit = Limit(query);
        var version = ListOptions.Version(query);
        var token = query["continue"].ToString();
        var after = "";
        long? at = null;
        if (token.Length > 0)
        {
            if (version is not (null or 0))
                throw Failures.BadRequest("specifying resource version is not allowed when using continue");
            (var pinned, after) = ListOptions.ReadToken(token);
            at = pinned;
        }
        else if (
            version > 0
            && (query["resourceVersionMatch"] == "Exact" || (limit > 0 && query["resourceVersionMatch"].Count == 0))
        )
        {
            at = version;
        }
        else if (version > store.Version)
        {
            throw Failures.TooLargeVersion(version.Value, store.Version);
        }
        if (version == 0)
            limit = 0; // a list from the cache ignores the limit
        var (listed, objects) = Read(store, at, token.Length > 0);
        var matching = objects
            .Where(item => after.Length == 0 || string.CompareOrdinal(item.Key, after) > 0)
            .Where(selection.Matches)
            .ToList();
        Items = limit > 0 && matching.Count > limit ? matching[..limit] : matching;
        Metadata = new JsonObject { ["resourceVersion"] = listed.ToString() };
        if (target.Type.IsCustom)
            Metadata["continue"] = "";
        if (Items.Count == matching.Count)
            return;
        Metadata["continue"] = ListOptions.Token(listed, Items[^1].Key);
        if (!selection.IsSelective)
            Metadata["remainingItemCount"] = matching.Count - Items.Count;
    }

    public IReadOnlyList<StoredObject> Items { get; }

    public JsonObject Metadata { get; }

    /// <summary>The list as JSON, its items copied as they lie in the store.</summary>
    public byte[] Encode()
    {
        using var buffer = new MemoryStream();
        var head = new JsonObject
        {
            ["kind"] = _target.Type.ListKind,
            ["apiVersion"] = _target.Type.ApiVersion,
            ["metadata"] = Metadata.DeepClone(),
        }.ToUtf8();
        buffer.Write(head.AsSpan(0, head.Length - 1));
        buffer.Write(",\"items\":["u8);
        for (var index = 0; index < Items.Count; index++)
        {
            if (index > 0)
                buffer.WriteByte((byte)',');
            buffer.Write(_target.Type.Encode(Items[index]));
        }
        buffer.Write("]}"u8);
        return buffer.ToArray();
    }

    private (long Version, IReadOnlyCollection<StoredObject> Objects) Read(ObjectStore store, long? at, bool isContinue)
    {
        try
        {
            return store.List(_target.Type.Shelf, at);
        }
        catch (VersionGoneException)
        {
            throw Failures.Expired(
                isContinue
                    ? "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter."
                    : "The resourceVersion for the provided list is too old."
            );
        }
        catch (VersionAheadException fault)
        {
            throw Failures.TooLargeVersion(fault.Asked, fault.Current);
        }
    }

    private static int Limit(IQueryCollection query)
    {
        var text = query["limit"].ToString();
        if (text.Length == 0)
            return 0;
        return long.TryParse(text, out var limit)
            ? (int)Math.Clamp(limit, 0, int.MaxValue)
            : throw Failures.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
