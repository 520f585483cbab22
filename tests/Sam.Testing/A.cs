using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;

namespace Sam.Testing;

/// <summary>Objects that are valid as they are: a test writes only what it is about. The namespace is filled in by whoever creates them.</summary>
public static class A
{
    /// <summary>Name of the Secret with the provider's token.</summary>
    public const string TokenSecret = "hcloud";

    /// <summary>Domain of nodes.</summary>
    public const string Domain = "apps.sam.test";

    /// <summary>A Project whose token is in <see cref="TokenSecret"/>.</summary>
    public static Project Project(string name = "acme") =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new ProjectSpec
            {
                Cloud = new CloudSpec
                {
                    Provider = CloudProvider.Hetzner,
                    Locations = ["fsn1", "nbg1"],
                    Size = MachineSize.Small,
                },
                Credentials =
                [
                    new ProjectCredential
                    {
                        Consumer = "hetzner",
                        SecretRef = new SecretKeyReference { Name = TokenSecret },
                    },
                ],
            },
        };

    /// <summary>A node of the Project <c>acme</c>.</summary>
    public static DeploymentNode Node(string name = "edge") =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new DeploymentNodeSpec
            {
                ProjectRef = new LocalReference { Name = "acme" },
                Domain = Domain,
                Tls = TlsMode.Internal,
                CaddyImage = "registry.test/caddy:2",
            },
        };

    /// <summary>An app of one stateless service on the node <c>edge</c>, with short times.</summary>
    public static ComposeApp App(string name = "shop") =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new ComposeAppSpec
            {
                NodeRef = new LocalReference { Name = "edge" },
                Compose = Compose($"registry.test/{name}:1"),
                StableTime = Duration.Parse("0s"),
                DrainTime = Duration.Parse("0s"),
                HealthTimeout = Duration.Parse("60s"),
                Routes =
                [
                    new RouteSpec
                    {
                        Name = "web",
                        Service = "web",
                        Port = 8080,
                        Host = $"{name}.{Domain}",
                    },
                ],
            },
        };

    /// <summary>A Compose file of one service <c>web</c> with a health check.</summary>
    /// <param name="image">Its image.</param>
    /// <param name="more">Further lines of the service, each indented by four.</param>
    public static string Compose(string image, string more = "") =>
        $"""
            services:
              web:
                image: {image}
                healthcheck: {"{"}test: [CMD, "true"], interval: 1s{"}"}
            {more}
            """;

    /// <summary>A Secret.</summary>
    public static V1Secret Secret(string name, params (string Key, string Value)[] values) =>
        new()
        {
            Metadata = new V1ObjectMeta { Name = name },
            Type = "Opaque",
            Data = values.ToDictionary(value => value.Key, value => System.Text.Encoding.UTF8.GetBytes(value.Value)),
        };

    /// <summary>Changes an object and hands it back, so that a test reads as one expression.</summary>
    public static T With<T>(this T thing, Action<T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        change(thing);
        return thing;
    }
}
