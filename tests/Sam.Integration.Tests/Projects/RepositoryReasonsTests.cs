using System.Globalization;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Rules.Policy;
using Sam.Runtime.Conditions;
using Sam.Simulators.GitHub;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>What is wrong with a repository is said by a typed reason, and nothing is minted for it that leaves the operator.</summary>
public sealed class RepositoryReasonsTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly (string Name, Reason Reason)[] Cases =
    [
        ("all is well", RepositoryVerified.Verified),
        ("the Secret is missing", RepositoryVerified.AppSecretNotFound),
        ("the App is nowhere installed", RepositoryVerified.AppNotInstalled),
        ("there is no such repository", RepositoryVerified.RepositoryNotFound),
        ("the repository was renamed", RepositoryVerified.RepositoryRenamed),
        ("the id is another's", RepositoryVerified.RepositoryIdChanged),
        ("the installation is suspended", RepositoryVerified.RepositoryAccessDenied),
        ("the policy forbids it", RepositoryVerified.PolicyForbids),
        ("GitHub is down", RepositoryVerified.GitHubUnavailable),
        ("GitHub asks for patience", RepositoryVerified.RateLimited),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(one => one.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task The_reason_says_what_is_wrong(string name)
    {
        var reason = Cases.Single(one => one.Name == name).Reason;
        var (app, repository) = (Host.GitHub.Apps.Add("app"), Host.GitHub.Repositories.Add("acme", "shop"));
        var installation = name == "the App is nowhere installed" ? null : Host.GitHub.Install(app, repository);
        if (name != "the Secret is missing")
            await Kube.CreateAsync(
                A.Secret("app", ("appId", app.Id.ToString(CultureInfo.InvariantCulture)), ("privateKey", app.PrivateKeyPem)),
                Cancel
            );
        Spoil(name, repository, installation);

        await Kube.CreateAsync(Project(name, repository), Cancel);

        var project = await Expect.ReasonAsync<Project>("acme", reason, Cancel);
        if (reason.Status == ConditionStatus.True)
            await Expect.ReadyAsync<Project>("acme", Cancel);
        else
            Assert.NotEqual("True", Expect.Find(project, "Ready")?.Status);
    }

    private void Spoil(string name, SimulatedRepository repository, SimulatedInstallation? installation)
    {
        switch (name)
        {
            case "the repository was renamed":
                repository.Rename("store");
                break;
            case "the installation is suspended":
                installation!.Suspend();
                break;
            case "the policy forbids it":
                Host.Policy = new PlatformPolicy
                {
                    Rules =
                    [
                        new PolicyRule
                        {
                            Name = "others",
                            Namespaces = ["*"],
                            Repositories = ["other/*"],
                        },
                    ],
                };
                break;
            case "GitHub is down":
                Host.GitHub.Faults.Play(new GitHubFault(GitHubFaults.Unavailable));
                break;
            case "GitHub asks for patience":
                Host.GitHub.Faults.Play(new GitHubFault(GitHubFaults.RateLimited));
                break;
        }
    }

    private static Project Project(string name, SimulatedRepository repository) =>
        A.Project()
            .With(project => project.Spec.Github = new GitHubSpec { AppSecretRef = new LocalReference { Name = "app" } })
            .With(project =>
                project.Spec.Repository = new RepositorySpec
                {
                    Owner = "acme",
                    Name = name == "there is no such repository" ? "nothing" : "shop",
                    Id = name == "the id is another's" ? repository.Id + 1 : null,
                }
            );
}
