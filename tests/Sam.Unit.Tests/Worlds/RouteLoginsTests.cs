using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Compose.Rendering;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Controllers.DeploymentNodes;
using Sam.Runtime.Resources;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Routes that need a login: closed without one, opened by it, and nothing of it is told.</summary>
public sealed class RouteLoginsTests
{
    private const string Password = "p4ssw0rd-that-nobody-may-see";

    private static readonly string s_path = $"{ResourceKind.Of<ComposeApp>().CollectionPath(VirtualWorld.Home)}/shop";

    [Fact]
    public void A_route_is_closed_until_its_Secret_holds_a_login_and_again_when_it_is_gone() =>
        Live(
            async (sim, world) =>
            {
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.LoginInvalid.Name, Story.Patience, "it is told");
                await ServesAsync(sim, world, accounts: 0);
                Assert.Equal((503, false), (Status(await HandlersAsync(world)), Shop(world).Status.Routes[0].Ready));
                Assert.Contains("Secret login does not exist; create it", Message(world), StringComparison.Ordinal);

                world.Create(A.Secret("login", ("username", "ann"), ("password", Password)));
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.Served.Name, Story.Patience, "it is opened");
                var opened = await AccountAsync(world);
                Assert.True(BCrypt.Net.BCrypt.Verify(Password, opened));

                world.Delete<V1Secret>("login");
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.LoginInvalid.Name, Story.Patience, "it is told");
                await ServesAsync(sim, world, accounts: 0);
            }
        );

    [Fact]
    public void A_changed_password_is_served_and_only_then_told() =>
        Live(
            async (sim, world) =>
            {
                world.Create(A.Secret("login", ("username", "ann"), ("password", "old")));
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.Served.Name, Story.Patience, "it is opened");
                var before = Shop(world).Status.RoutesHash;

                world.Cluster.Change(
                    world.SecretPath("login"),
                    secret => secret["data"]!["password"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Password))
                );
                await sim.EachSecondAsync(
                    () => Shop(world).Status.RoutesHash != before && Reason(world) == RoutesReady.Served.Name,
                    Story.Patience,
                    "the new one is served"
                );

                Assert.True(BCrypt.Net.BCrypt.Verify(Password, await AccountAsync(world)));
            }
        );

    [Fact]
    public void Neither_the_password_nor_its_hash_is_in_any_object_and_a_new_operator_loads_nothing_anew() =>
        Live(
            async (sim, world) =>
            {
                world.Create(A.Secret("login", ("username", "ann"), ("password", Password)));
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.Served.Name, Story.Patience, "it is opened");
                var (hash, document) = (await AccountAsync(world), await DocumentAsync(world));

                var events = world.All<Eventsv1Event>();
                Assert.NotEmpty(events);
                var told =
                    world.Raw<ComposeApp>("shop")!.ToJsonString()
                    + world.Raw<DeploymentNode>("edge")!.ToJsonString()
                    + string.Concat(events.Select(found => found.Note));
                Assert.DoesNotContain(Password, told, StringComparison.Ordinal);
                Assert.DoesNotContain(hash, told, StringComparison.Ordinal);
                Assert.DoesNotContain(Convert.ToBase64String(Encoding.ASCII.GetBytes(hash)), told, StringComparison.Ordinal);

                world.Start();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(5));
                Assert.Equal(CaddyDocument.Hash(document), CaddyDocument.Hash(await DocumentAsync(world)));
            }
        );

    [Fact]
    public void A_host_that_is_taken_from_the_spec_is_gone_from_Caddy_at_once() =>
        Live(
            async (sim, world) =>
            {
                world.Create(A.Secret("login", ("username", "ann"), ("password", Password)));
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.Served.Name, Story.Patience, "it is opened");

                world.Cluster.Change(s_path, app => app["spec"]!["routes"] = new JsonArray());
                await sim.AdvanceAsync(TimeSpan.FromSeconds(15));

                Assert.DoesNotContain($"shop.{A.Domain}", await DocumentAsync(world), StringComparison.Ordinal);
                Assert.Equal(CertificatesReady.NoHosts.Name, Reason(world, "CertificatesReady"));
            }
        );

    [Fact]
    public void It_is_gone_also_when_the_release_without_it_never_serves() =>
        Live(
            async (sim, world) =>
            {
                world.Create(A.Secret("login", ("username", "ann"), ("password", Password)));
                await sim.EachSecondAsync(() => Reason(world) == RoutesReady.Served.Name, Story.Patience, "it is opened");

                world.Cluster.Change(
                    s_path,
                    app =>
                    {
                        app["spec"]!["routes"] = new JsonArray();
                        app["spec"]!["compose"] = "services: {";
                    }
                );
                await sim.AdvanceAsync(TimeSpan.FromSeconds(15));

                Assert.Equal(ManifestValid.ComposeInvalid.Name, Reason(world, "ManifestValid"));
                Assert.DoesNotContain($"shop.{A.Domain}", await DocumentAsync(world), StringComparison.Ordinal);
            }
        );

    private static void Live(Func<Simulation, VirtualWorld, Task> story) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                world.Create(A.Project());
                world.Create(A.Node());
                world.Create(
                    A.App()
                        .With(app =>
                            app.Spec.Routes[0].BasicAuth = new BasicAuthSpec { SecretRef = new LocalReference { Name = "login" } }
                        )
                );
                world.Start();
                await story(sim, world);
            }
        );

    private static async Task ServesAsync(Simulation sim, VirtualWorld world, int accounts)
    {
        await sim.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(accounts == 0 ? 503 : null, Status(await HandlersAsync(world)));
    }

    private static int? Status(JsonArray handlers) => (int?)handlers[0]!["status_code"];

    private static async Task<string> AccountAsync(VirtualWorld world)
    {
        var login = (await HandlersAsync(world))[0]!["providers"]!["http_basic"]!["accounts"]![0]!;
        return Encoding.ASCII.GetString(Convert.FromBase64String((string)login["password"]!));
    }

    private static async Task<JsonArray> HandlersAsync(VirtualWorld world) =>
        JsonNode.Parse(await DocumentAsync(world))!["apps"]!["http"]!["servers"]!["https"]!["routes"]![0]!["handle"]!.AsArray();

    private static async Task<string> DocumentAsync(VirtualWorld world)
    {
        var engine = world.Engines.Engine(world.MachineOf()!.Spec.MachineId);
        return Encoding.UTF8.GetString(
            (await engine.GetFileAsync(CaddyContainer.Name, CaddyContainer.RunningPath, CancellationToken.None))!
        );
    }

    private static ComposeApp Shop(VirtualWorld world) => world.Find<ComposeApp>("shop")!;

    private static string? Reason(VirtualWorld world, string type = "RoutesReady") =>
        Shop(world).Status.Conditions.FirstOrDefault(found => found.Type == type)?.Reason;

    private static string Message(VirtualWorld world) =>
        Shop(world).Status.Conditions.First(found => found.Type == "RoutesReady").Message;
}
