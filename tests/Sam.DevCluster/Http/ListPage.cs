using System.Buffers;
using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Http;

/// <summary>One page of a list at one version.</summary>
internal sealed class ListPage
{
    private const int Portion = 128 * 1024;

    private static readonly byte[] Opening = ",\"items\":["u8.ToArray();
    private static readonly byte[] Comma = ","u8.ToArray();
    private static readonly byte[] Closing = "]}"u8.ToArray();
    private static readonly byte[] NewLine = "\n"u8.ToArray();

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
            after = Prefix + after;
            at = pinned < 0 ? null : pinned; // a token that follows an expired one goes on with what is there now
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
        var (listed, objects) = Read(store, KeyRange.Of(target.Namespace, after), at, token.Length > 0 ? after : null);
        var matching = selection.IsSelective ? [.. objects.Where(selection.Matches)] : objects;
        Items = limit > 0 && matching.Count > limit ? [.. matching.Take(limit)] : matching;
        Metadata = new JsonObject { ["resourceVersion"] = listed.ToString() };
        if (target.Type.IsCustom)
            Metadata["continue"] = "";
        if (Items.Count == matching.Count)
            return;
        Metadata["continue"] = ListOptions.Token(listed, Items[^1].Key[Prefix.Length..]);
        if (!selection.IsSelective)
            Metadata["remainingItemCount"] = matching.Count - Items.Count;
    }

    // Tokens name keys within the namespace that is listed.
    private string Prefix => _target.Namespace.Length == 0 ? "" : _target.Namespace + "/";

    public IReadOnlyList<StoredObject> Items { get; }

    public JsonObject Metadata { get; }

    /// <summary>The same for tables and lists of metadata, which do not say that there is no next page.</summary>
    public JsonObject BareMetadata
    {
        get
        {
            var bare = Metadata.Copy();
            if (bare.Text("continue") == "")
                bare.Remove("continue");
            return bare;
        }
    }

    /// <summary>The list as JSON.</summary>
    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var piece in Pieces())
            buffer.Write(piece.Span);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Answers with the list, its items copied as they lie in the store.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        var pieces = Pieces();
        pieces.Add(NewLine);
        if (Answers.IsPretty(context) || Answers.Compresses(context, pieces.Sum(piece => (long)piece.Length)))
        {
            await Answers.WriteObjectAsync(context, 200, Encode());
            return;
        }
        Answers.Begin(context, 200, "application/json", pieces.Sum(piece => (long)piece.Length));
        var body = context.Response.BodyWriter;
        var gathered = 0;
        foreach (var piece in pieces)
        {
            body.Write(piece.Span);
            gathered += piece.Length;
            if (gathered < Portion)
                continue;
            gathered = 0;
            await body.FlushAsync(context.RequestAborted);
        }
        await body.FlushAsync(context.RequestAborted);
    }

    private List<ReadOnlyMemory<byte>> Pieces()
    {
        var head = new JsonObject
        {
            ["kind"] = _target.Type.ListKind,
            ["apiVersion"] = _target.Type.ApiVersion,
            ["metadata"] = Metadata.DeepClone(),
        }.ToUtf8();
        var pieces = new List<ReadOnlyMemory<byte>>((3 * Items.Count) + 3) { head.AsMemory(0, head.Length - 1), Opening };
        for (var index = 0; index < Items.Count; index++)
        {
            if (index > 0)
                pieces.Add(Comma);
            _target.Type.AddItem(pieces, Items[index]);
        }
        pieces.Add(Closing);
        return pieces;
    }

    private (long Version, IReadOnlyList<StoredObject> Objects) Read(ObjectStore store, KeyRange range, long? at, string? after)
    {
        try
        {
            return store.List(_target.Type.Shelf, range, at);
        }
        catch (VersionGoneException)
        {
            throw after is null
                ? Failures.Expired("The resourceVersion for the provided list is too old.")
                : Failures.ExpiredToken(ListOptions.Token(-1, after[Prefix.Length..]));
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
