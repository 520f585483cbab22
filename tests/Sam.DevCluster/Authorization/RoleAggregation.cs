using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Authorization;

/// <summary>Keeps the rules of cluster roles with an aggregation rule equal to the union of the selected roles' rules.</summary>
internal sealed class RoleAggregation(ObjectWriter writer)
{
    private readonly ResourceType _type = writer.Catalog.FindKind(RoleGrants.Group + "/v1", "ClusterRole")!;

    /// <summary>Some cluster role changed: every aggregated one may follow.</summary>
    public void Handle()
    {
        var roles = writer.Store.List(RoleGrants.ClusterRoleShelf).Objects.OrderBy(role => role.Name, StringComparer.Ordinal);
        var known = roles.Select(stored => (Stored: stored, Node: stored.Read())).ToList();
        foreach (var (stored, node) in known)
        {
            if (node.At("aggregationRule", "clusterRoleSelectors") is not JsonArray selectors || stored.IsDeleting)
                continue;
            var chosen = known.Where(other =>
                other.Stored.Name != stored.Name
                && selectors.Any(selector => ObjectSelector.Matches(selector as JsonObject, other.Stored.Labels))
            );
            var rules = new List<JsonNode>();
            foreach (var rule in chosen.SelectMany(other => other.Node.Array("rules") ?? []).OfType<JsonNode>())
            {
                if (!rules.Exists(known => JsonAccess.Same(known, rule)))
                    rules.Add(rule.DeepClone());
            }
            var wanted = new JsonArray([.. rules]);
            if (!JsonAccess.Same(node.Array("rules") ?? [], wanted))
                Write(stored.Name, wanted);
        }
    }

    private void Write(string name, JsonArray rules)
    {
        try
        {
            writer.Update(
                _type,
                "",
                name,
                "",
                node =>
                {
                    node["rules"] = rules.DeepClone();
                    return node;
                },
                WriteOptions.Internal with
                {
                    Manager = "clusterrole-aggregation-controller",
                }
            );
        }
        catch (StatusException fault) when (fault.Code == 404)
        {
            return; // gone in the meantime
        }
    }
}
