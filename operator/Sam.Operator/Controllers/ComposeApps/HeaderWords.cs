using Sam.Compose.Model;
using Sam.Crds.V1Alpha1;

namespace Sam.Operator.Controllers.ComposeApps;

/// <summary>Changes of headers, from the kind's words to the release's and back. What changes nothing is null. Pure.</summary>
internal static class HeaderWords
{
    /// <summary>As a release keeps them.</summary>
    public static HeaderChanges? Of(HeadersSpec? spec) =>
        spec is null or { Set: null or { Count: 0 }, Add: null or { Count: 0 }, Remove: null or { Count: 0 } }
            ? null
            : new HeaderChanges
            {
                Set = [.. (spec.Set ?? []).Select(header => new HeaderValue(header.Name, header.Value))],
                Add = [.. (spec.Add ?? []).Select(header => new HeaderValue(header.Name, header.Value))],
                Remove = [.. spec.Remove ?? []],
            };

    /// <summary>As status shows them.</summary>
    public static HeadersSpec? Of(HeaderChanges? changes) =>
        changes is null
            ? null
            : new HeadersSpec
            {
                Set = changes.Set.IsEmpty ? null : [.. changes.Set.Select(Shown)],
                Add = changes.Add.IsEmpty ? null : [.. changes.Add.Select(Shown)],
                Remove = changes.Remove.IsEmpty ? null : [.. changes.Remove],
            };

    private static HeaderSpec Shown(HeaderValue header) => new() { Name = header.Name, Value = header.Value };
}
