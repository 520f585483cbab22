using Sam.DevCluster.Http;
using Sam.DevCluster.Resources;

namespace Sam.DevCluster.Faults;

/// <summary>What fault rules look at.</summary>
internal sealed record RequestFacts(
    string Verb,
    string Resource,
    string Qualified,
    string Namespace,
    string Name,
    bool IsContinued
)
{
    /// <summary>Requests of one key are counted together, so that others in between change no decision.</summary>
    public string Key => $"{Verb} {Qualified} {Namespace}/{Name}";

    public static RequestFacts Of(HttpContext context, RequestTarget target, string verb) =>
        new(
            verb,
            target.Type.Plural,
            target.Type.QualifiedName,
            target.Namespace,
            target.Name,
            context.Request.Query["continue"].ToString().Length > 0
        );

    public static RequestFacts OfWatch(ResourceType type, string @namespace) =>
        new("watch", type.Plural, type.QualifiedName, @namespace, "", IsContinued: false);
}
