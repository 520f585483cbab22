using k8s.Models;
using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Rules.Policy;
using Sam.Testing;
using static Sam.Crds.V1Alpha1.DeploymentNodeConditions;

namespace Sam.Integration.Tests.Projects;

/// <summary>The platform's credential pays only where it may, within its quota, and gives way to a user's own for what is bought next.</summary>
public sealed class PlatformLayerTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly string Platform = new('p', 64);
    private static readonly string Own = new('o', 64);

    [Fact]
    public async Task A_namespace_Secret_that_appears_later_pays_for_what_is_bought_next_and_the_old_server_stays_where_it_is()
    {
        await OnPlatformAsync(new PlatformQuota());
        await Kube.CreateAsync(A.Node("first"), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("first", Cancel);

        await Kube.CreateAsync(Labelled("own", Own), Cancel);
        await Expect.ThatAsync<Project>("acme", seen => Source(seen) == CredentialSource.Namespace, "uses its own", Cancel);
        await Kube.CreateAsync(A.Node("second"), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("second", Cancel);

        Assert.Single(Hetzner.Servers("platform"));
        Assert.Single(Hetzner.Servers("own"));
        await Kube.DeleteAsync<DeploymentNode>("first", Cancel);
        await Expect.GoneAsync<DeploymentNode>("first", Cancel);
        Assert.Empty(Hetzner.Servers("platform"));
        Assert.Single(Hetzner.Servers("own"));
    }

    [Fact]
    public async Task The_quota_counts_what_the_platform_pays_and_nothing_else()
    {
        await OnPlatformAsync(new PlatformQuota(Machines: 1));
        await Kube.CreateAsync(A.Node("first"), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("first", Cancel);
        await Kube.CreateAsync(A.Node("second"), Cancel);

        var waiting = await Expect.ReasonAsync<DeploymentNode>("second", NodeHealthy.LimitExceeded, Cancel);
        Assert.Contains("1 of 1", Expect.Find(waiting, "NodeHealthy")!.Message, StringComparison.Ordinal);
        Assert.Single(await Kube.ListAsync<Machine>(Cancel));

        // Its own credential pays now: the platform's quota is no matter any more.
        await Kube.CreateAsync(Labelled("own", Own), Cancel);
        await Expect.ReadyAsync<DeploymentNode>("second", Cancel);
        var project = await Kube.GetAsync<Project>("acme", Cancel);
        Assert.Equal(
            [CredentialSource.Namespace, CredentialSource.Platform],
            project.Status.Usage!.Reservations.Select(slot => slot.PaidBy!.Value).Order()
        );
    }

    [Fact]
    public async Task A_VM_that_the_policy_does_not_allow_is_not_made()
    {
        await OnPlatformAsync(new PlatformQuota(), ["Small"]);
        await Kube.CreateAsync(A.Node().With(node => node.Spec.Cloud = new CloudSpec { Size = MachineSize.Large }), Cancel);

        var node = await Expect.ReasonAsync<DeploymentNode>("edge", NodeHealthy.PolicyForbids, Cancel);
        Assert.Contains("Large", Expect.Find(node, "NodeHealthy")!.Message, StringComparison.Ordinal);
        await Kube.CreateAsync(ByHand("cx43"), Cancel);
        await Expect.ReasonAsync<Machine>("by-hand", MachineConditions.Provisioned.PolicyForbids, Cancel);
        Assert.Equal(0, Hetzner.ServersCreated("platform"));
        await Kube.EditAsync<DeploymentNode>("edge", seen => seen.Spec.Cloud!.Size = MachineSize.Small, Cancel);

        await Expect.ReadyAsync<DeploymentNode>("edge", Cancel);
    }

    private async Task OnPlatformAsync(PlatformQuota quota, IReadOnlyList<string>? sizes = null)
    {
        Hetzner.Know(new(Platform, "platform"));
        Hetzner.Know(new(Own, "own"));
        Host.Policy = new PlatformPolicy
        {
            Rules =
            [
                new PolicyRule
                {
                    Name = "guests",
                    Namespaces = ["t-*"],
                    PlatformCredentials = ["hetzner"],
                    Quota = quota,
                    Sizes = sizes,
                },
            ],
        };
        await Host.System.CreateAsync(Labelled("platform-hcloud", Platform), Cancel);
        await Kube.CreateAsync(
            A.Project()
                .With(project =>
                    (project.Spec.Credentials, project.Spec.CredentialPolicy) = ([], CredentialPolicy.AllowPlatform)
                ),
            Cancel
        );
        await Expect.ThatAsync<Project>("acme", seen => Source(seen) == CredentialSource.Platform, "uses the platform's", Cancel);
    }

    private static Machine ByHand(string type) =>
        new()
        {
            Metadata = new() { Name = "by-hand" },
            Spec = new MachineSpec
            {
                MachineId = "fedcba9876543210",
                Role = MachineRole.Deployment,
                ProjectRef = new LocalReference { Name = "acme" },
                Offers = [new MachineOffer { ServerType = type, Location = "fsn1" }],
            },
        };

    private static CredentialSource? Source(Project project) =>
        project.Status.Credentials.FirstOrDefault(shown => shown.Consumer == "hetzner")?.Source;

    private static V1Secret Labelled(string name, string token) =>
        A.Secret(name, ("token", token))
            .With(secret => secret.Metadata.Labels = new Dictionary<string, string> { [Names.Labels.Credential] = "hetzner" });
}
