using k8s.Models;
using Sam.Runtime.Abstractions;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A kind for tests of the runtime.</summary>
[KubernetesEntity(Group = "test.dev", ApiVersion = "v1", Kind = "Thing", PluralName = "things")]
public sealed class Thing : Resource<ThingSpec, ThingStatus>
{
    public static string Path(string name, string @namespace = "a") => $"/apis/test.dev/v1/namespaces/{@namespace}/things/{name}";

    public static string Json(string name, string @namespace = "a", string color = "red") =>
        $$$"""
            {"apiVersion":"test.dev/v1","kind":"Thing","metadata":{"name":"{{{name}}}","namespace":"{{{@namespace}}}",
            "managedFields":[{"manager":"kubectl"}]},"spec":{"color":"{{{color}}}"}}
            """;
}

/// <summary>What a test asks for.</summary>
public sealed class ThingSpec
{
    public string Color { get; set; } = "";
}

/// <summary>What a test's controller found.</summary>
public sealed class ThingStatus : ConditionedStatus
{
    public string? Claim { get; set; }

    public string? Phase { get; set; }
}
