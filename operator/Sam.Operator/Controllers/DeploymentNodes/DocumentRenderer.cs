using System.Collections.Immutable;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.ComposeApps.Logins;

namespace Sam.Operator.Controllers.DeploymentNodes;

/// <summary>A node's document, with the logins that it was rendered with.</summary>
internal sealed record RenderedDocument(string Text, ImmutableDictionary<string, RouteLogin> Logins);

/// <summary>Renders a node's document with the logins as they are now.</summary>
internal sealed class DocumentRenderer(RouteLogins routeLogins)
{
    /// <summary>The document.</summary>
    public async Task<RenderedDocument> RenderAsync(
        DeploymentNode node,
        IReadOnlyList<ComposeApp> apps,
        CancellationToken cancellationToken
    )
    {
        var logins = ImmutableDictionary.CreateBuilder<string, RouteLogin>(StringComparer.Ordinal);
        foreach (var name in NodeDocument.SecretsOf(apps))
            logins[name] = await routeLogins.OfAsync(node.Metadata.NamespaceProperty, name, cancellationToken);
        var all = logins.ToImmutable();
        return new RenderedDocument(NodeDocument.Render(node, apps, all), all);
    }
}
