using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Operator.Controllers.DeploymentNodes.Certificates;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Certificates in status: asked for, there, renewed, and not renewed in time.</summary>
public sealed class CertificatesTests
{
    private const string Host = $"shop.{A.Domain}";

    [Fact]
    public void A_host_is_told_from_no_certificate_to_one_that_was_not_renewed() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Tls = TlsMode.ACME));
                world.Create(A.App());
                world.Start();
                await BecomesAsync(sim, world, CertificatesReady.CertificatePending.Name, Story.Patience);
                await sim.EachSecondAsync(() => Shop(world).Status.Routes is [{ Ready: true }], Story.Patience, "it is served");
                await sim.AdvanceAsync(TimeSpan.FromSeconds(30));
                Assert.Equal("True", Shop(world).Status.Conditions.First(found => found.Type == "Ready").Status);
                Assert.Contains(Host, Condition(world).Message, StringComparison.Ordinal);

                var ends = await CertifyAsync(sim, world, TimeSpan.FromHours(12));
                await BecomesAsync(sim, world, CertificatesReady.Valid.Name, TimeSpan.FromMinutes(2));
                Assert.Equal((CertificateState.Valid, ends), (Route(world).Certificate, Route(world).CertificateNotAfter));

                await sim.AdvanceAsync(TimeSpan.FromHours(9.5));
                Assert.Equal(CertificatesReady.Valid.Name, Condition(world).Reason);
                await sim.AdvanceAsync(TimeSpan.FromHours(1));
                Assert.Equal(CertificatesReady.RenewalFailing.Name, Condition(world).Reason);
                await sim.AdvanceAsync(TimeSpan.FromHours(2));
                Assert.Equal(CertificateState.Expired, Node(world).Status.Certificates!.Single().State);

                await CertifyAsync(sim, world, TimeSpan.FromHours(12));
                await BecomesAsync(sim, world, CertificatesReady.Valid.Name, TimeSpan.FromHours(2));
            }
        );

    /// <summary>Law 13: what is looked at all the time is written down once.</summary>
    [Fact]
    public void An_hour_of_a_host_without_a_certificate_and_of_a_login_writes_nothing() =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.Tls = TlsMode.ACME));
                world.Create(A.Secret("login", ("username", "ann"), ("password", "pass")));
                world.Create(
                    A.App().With(app => app.Spec.Routes[0].BasicAuth = new BasicAuthSpec { SecretRef = new() { Name = "login" } })
                );
                world.Start();
                await BecomesAsync(sim, world, CertificatesReady.CertificatePending.Name, Story.Patience);
                await sim.AdvanceAsync(TimeSpan.FromMinutes(15));
                var before = (Shop(world).Metadata.ResourceVersion, Node(world).Metadata.ResourceVersion);

                await sim.AdvanceAsync(TimeSpan.FromHours(1));

                Assert.Equal(before, (Shop(world).Metadata.ResourceVersion, Node(world).Metadata.ResourceVersion));
            }
        );

    private static async Task<DateTimeOffset> CertifyAsync(Simulation sim, VirtualWorld world, TimeSpan lifetime)
    {
        var now = sim.Clock.GetUtcNow();
        var (from, to) = (now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)), now.Add(lifetime));
        to = to.AddTicks(-(to.Ticks % TimeSpan.TicksPerSecond));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=Test Authority", key, HashAlgorithmName.SHA256).CreateSelfSigned(from, to);
        var engine = world.Engines.Engine(world.MachineOf()!.Spec.MachineId);
        await engine.PutFileAsync(
            CaddyContainer.Name,
            new EngineFile(CertificatePath.Of(Node(world), Host), Encoding.ASCII.GetBytes(made.ExportCertificatePem())),
            CancellationToken.None
        );
        return to;
    }

    private static Task BecomesAsync(Simulation sim, VirtualWorld world, string reason, TimeSpan patience) =>
        sim.EachSecondAsync(
            () =>
                world
                    .Find<ComposeApp>("shop")
                    ?.Status.Conditions.Any(found => found.Type == "CertificatesReady" && found.Reason == reason) == true,
            patience,
            reason
        );

    private static k8s.Models.V1Condition Condition(VirtualWorld world) =>
        Shop(world).Status.Conditions.First(found => found.Type == "CertificatesReady");

    private static RouteStatus Route(VirtualWorld world) => Shop(world).Status.Routes.Single();

    private static ComposeApp Shop(VirtualWorld world) => world.Find<ComposeApp>("shop")!;

    private static DeploymentNode Node(VirtualWorld world) => world.Find<DeploymentNode>("edge")!;
}
