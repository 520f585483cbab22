using System.Text;
using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Security;

/// <summary>Gives each namespace its default account and the authority's certificate, and fills old-style token Secrets.</summary>
internal sealed class ServiceAccountController(
    ObjectWriter writer,
    ObjectDeleter deleter,
    ServiceAccountTokens tokens,
    string authorityPem,
    bool publishesAuthority
)
{
    private const string TokenType = "kubernetes.io/service-account-token";

    private const string NameKey = "kubernetes.io/service-account.name";

    private const string UidKey = "kubernetes.io/service-account.uid";

    private readonly ResourceType _secrets = writer.Catalog.Find("", "v1", "secrets")!;

    public void Handle(string shelf, StoreEvent change)
    {
        switch (shelf)
        {
            case "namespaces" when change.Kind != ChangeKind.Deleted && !change.Object.IsDeleting:
                Furnish(change.Object.Name);
                break;
            case "serviceaccounts"
            or "configmaps"
                when change.Kind == ChangeKind.Deleted
                    && change.Object.Name is "default" or "kube-root-ca.crt"
                    && writer.Store.Get("namespaces", "", change.Object.Namespace) is { IsDeleting: false }:
                Furnish(change.Object.Namespace);
                break;
            case "secrets" when change.Kind != ChangeKind.Deleted:
                Fill(change.Object);
                break;
        }
        if (shelf == "serviceaccounts")
            Revisit(change.Object);
    }

    private void Furnish(string @namespace)
    {
        Make(@namespace, "serviceaccounts", "ServiceAccount", "default", []);
        if (!publishesAuthority)
            return;
        Make(
            @namespace,
            "configmaps",
            "ConfigMap",
            "kube-root-ca.crt",
            new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject
                    {
                        ["kubernetes.io/description"] =
                            "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.",
                    },
                },
                ["data"] = new JsonObject { ["ca.crt"] = authorityPem },
            }
        );
    }

    private void Make(string @namespace, string plural, string kind, string name, JsonObject node)
    {
        if (writer.Store.Get(plural, @namespace, name) is not null)
            return;
        node["apiVersion"] = "v1";
        node["kind"] = kind;
        node.Metadata()["name"] = name;
        Quietly(() => writer.Create(writer.Catalog.Find("", "v1", plural)!, @namespace, node, WriteOptions.Internal));
    }

    /// <summary>An account came or went: its Secrets follow.</summary>
    private void Revisit(StoredObject account)
    {
        foreach (var secret in writer.Store.List("secrets").Objects.Where(stored => stored.Namespace == account.Namespace))
            Fill(secret);
    }

    private void Fill(StoredObject secret)
    {
        var node = secret.Read();
        if (node.Text("type") != TokenType || secret.IsDeleting)
            return;
        var annotations = node.At("metadata", "annotations");
        var account = writer.Store.Get("serviceaccounts", secret.Namespace, annotations.Text(NameKey) ?? "");
        if (account is null || (annotations.Text(UidKey) is { Length: > 0 } uid && uid != account.Uid))
        {
            Quietly(() => deleter.Delete(_secrets, secret.Namespace, secret.Name, DeleteRequest.Plain));
            return;
        }
        if (node.At("data", "token") is not null)
            return;
        Quietly(() =>
            writer.Update(
                _secrets,
                secret.Namespace,
                secret.Name,
                "",
                now =>
                {
                    now.Metadata().Ensure("annotations")[UidKey] = account.Uid;
                    var data = now.Ensure("data");
                    data["ca.crt"] = Encode(authorityPem);
                    data["namespace"] = Encode(secret.Namespace);
                    data["token"] ??= Encode(tokens.MintLegacy(account, secret.Name));
                    return now;
                },
                WriteOptions.Internal with
                {
                    Manager = "kube-controller-manager",
                }
            )
        );
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static void Quietly(Action work)
    {
        try
        {
            work();
        }
        catch (StatusException fault) when (fault.Code is 403 or 404 or 409)
        {
            return; // gone, made or ending in the meantime
        }
    }
}
