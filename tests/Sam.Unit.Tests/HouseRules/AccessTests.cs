using System.Text.RegularExpressions;

namespace Sam.Unit.Tests.HouseRules;

/// <summary>Who talks to the Kubernetes API says what for: the roles are generated from it.</summary>
public sealed partial class AccessTests
{
    [Fact]
    public void A_class_that_uses_a_client_declares_its_verbs()
    {
        Assert.Empty(
            Undeclared(SourceTree.Code.Where(file => file.Path.StartsWith("operator/Sam.Operator/", StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void An_undeclared_client_is_found()
    {
        Assert.Equal(
            ["operator/Sample.cs: V1Secret get"],
            Undeclared([
                new SourceFile("operator/Sample.cs")
                {
                    Content =
                        "[Rbac<V1Secret>(\"list\")] class A(IResourceClient<V1Secret> secrets) { void M() => secrets.GetAsync(); }",
                },
            ])
        );
    }

    private static IEnumerable<string> Undeclared(IEnumerable<SourceFile> files) =>
        from file in files
        let text = file.Text
        from client in Client().Matches(text)
        let kind = client.Groups["kind"].Value
        let declared = string.Concat(Declaration(kind).Matches(text).Select(match => match.Value))
        from call in Regex.Matches(
            text,
            $@"\b{client.Groups["name"].Value}\s*\.(?<verb>\w+?)Async\(",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(5)
        )
        let verb = call.Groups["verb"].Value switch
        {
            "MergePatch" => "patch",
            var other => other.ToLowerInvariant(),
        }
        where !declared.Contains($"\"{verb}\"", StringComparison.Ordinal)
        select $"{file.Path}: {kind} {verb}";

    private static Regex Declaration(string kind) =>
        new($@"\[Rbac<{kind}>\([^\]]*\]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));

    [GeneratedRegex(
        @"\b(IResourceClient|KubernetesResourceClient)<(?<kind>\w+)>\s+(?<name>\w+)",
        RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Client();
}
