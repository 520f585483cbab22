using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Rules.Policy;
using Sam.Runtime.Conditions;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>Why a token Secret is fresh or not is said by a typed reason.</summary>
public sealed class TokenSecretReasonsTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly (string Name, Reason Reason)[] Cases =
    [
        ("all is well", TokenSecretsFresh.Fresh),
        ("the repository is not proved", TokenSecretsFresh.RepositoryNotVerified),
        ("the App lacks a permission", TokenSecretsFresh.PermissionNotGranted),
        ("the policy allows less", TokenSecretsFresh.PolicyForbids),
        ("the Secret is somebody else's", TokenSecretsFresh.SecretNotOurs),
        ("a repository is not the Project's", TokenSecretsFresh.RepositoryNotVerified),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task The_reason_says_what_is_wrong(string name)
    {
        var reason = Cases.Single(one => one.Name == name).Reason;
        var (app, repository) = (Host.GitHub.Apps.Add("app"), Host.GitHub.Repositories.Add("acme", "shop"));
        Host.GitHub.Install(app, repository);
        await Kube.CreateAsync(
            A.Secret("app", ("appId", app.Id.ToString(CultureInfo.InvariantCulture)), ("privateKey", app.PrivateKeyPem)),
            Cancel
        );
        if (name == "the Secret is somebody else's")
            await Kube.CreateAsync(A.Secret("token", ("mine", "x")), Cancel);
        if (name == "the policy allows less")
            Host.Policy = new PlatformPolicy
            {
                Rules =
                [
                    new PolicyRule
                    {
                        Name = "readers",
                        Namespaces = ["*"],
                        Permissions = new PermissionCeiling(
                            new Dictionary<string, string> { ["contents"] = "read", ["metadata"] = "read" }
                        ),
                    },
                ],
            };

        await Kube.CreateAsync(Project(name), Cancel);

        await Expect.ReasonAsync<Project>("acme", reason, Cancel);
    }

    private static Project Project(string name) =>
        A.Project()
            .With(project => project.Spec.Github = new GitHubSpec { AppSecretRef = new LocalReference { Name = "app" } })
            .With(project =>
                project.Spec.Repository = new RepositorySpec
                {
                    Owner = "acme",
                    Name = name == "the repository is not proved" ? "nothing" : "shop",
                }
            )
            .With(project =>
                project.Spec.TokenSecrets = [
                    new TokenSecretSpec
                    {
                        Name = "token",
                        Kind = TokenSecretKind.GitHubToken,
                        Repositories = name == "a repository is not the Project's" ? ["acme/other"] : null,
                        Permissions = name switch
                        {
                            "the App lacks a permission" => new Dictionary<string, string> { ["deployments"] = "write" },
                            "the policy allows less" => new Dictionary<string, string> { ["contents"] = "write" },
                            _ => null,
                        },
                    },
                ]
            );
}
