using Microsoft.Extensions.DependencyInjection;
using Sam.Crds.V1Alpha1;
using Sam.Operator.Clients.Dns;
using Sam.Testing;
using Sam.Testing.Simulations;
using Sam.Testing.Worlds;
using static Sam.Crds.V1Alpha1.ComposeAppConditions;

namespace Sam.Unit.Tests.Worlds;

/// <summary>Foreign hosts are served once a TXT record proves them, and stay served.</summary>
public sealed class HostProofTests
{
    private const string Foreign = "www.shop.example";

    [Theory]
    [InlineData("_sam-verification.www.shop.example")]
    [InlineData("_sam-verification.shop.example")]
    public void A_foreign_host_is_served_once_it_or_a_parent_is_proven_and_the_others_meanwhile(string record) =>
        Live(
            async (sim, world, dns) =>
            {
                await sim.EachSecondAsync(
                    () => Reason(world) == HostsVerified.HostNotVerified.Name,
                    Story.Patience,
                    "it is told"
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(2));
                var host = Assert.Single(Shop(world).Status.Hosts!);
                Assert.Equal([$"shop.{A.Domain}"], Shop(world).Status.Routes.Select(route => route.Host));
                Assert.True(Shop(world).Status.Routes[0].Ready);
                Assert.Contains($"TXT record {host.Record} with {host.Value}", Message(world), StringComparison.Ordinal);
                Assert.Equal($"_sam-verification.{Foreign}", host.Record);

                dns.Records[record] = ["v=spf1 -all", host.Value];
                await sim.EachSecondAsync(
                    () => Shop(world).Status.Routes.Any(route => route is { Host: Foreign, Ready: true }),
                    TimeSpan.FromMinutes(1),
                    "it is served within a minute"
                );

                Assert.Equal(HostsVerified.Verified.Name, Reason(world));
                Assert.Equal(record, Assert.Single(Shop(world).Status.Hosts!).Record);
            }
        );

    [Fact]
    public void It_is_asked_every_half_minute_at_first_then_every_ten_and_a_proven_one_daily() =>
        Live(
            async (sim, world, dns) =>
            {
                await sim.EachSecondAsync(() => dns.Asked > 0, Story.Patience, "it is asked");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));
                Assert.InRange(dns.Asked, 19, 22);
                dns.Asked = 0;
                await sim.AdvanceAsync(TimeSpan.FromHours(2));
                Assert.InRange(dns.Asked, 11, 13);

                dns.Records[$"_sam-verification.{Foreign}"] = [Assert.Single(Shop(world).Status.Hosts!).Value];
                await sim.AdvanceAsync(TimeSpan.FromMinutes(11));
                Assert.Equal(HostsVerified.Verified.Name, Reason(world));
                dns.Asked = 0;
                await sim.AdvanceAsync(TimeSpan.FromHours(50));

                Assert.Equal(2, dns.Asked);
            }
        );

    [Fact]
    public void A_record_that_is_lost_only_warns_and_silence_says_nothing() =>
        Live(
            async (sim, world, dns) =>
            {
                await sim.EachSecondAsync(() => Shop(world).Status.Hosts is not null, Story.Patience, "it is asked for");
                dns.Records[$"_sam-verification.{Foreign}"] = [Assert.Single(Shop(world).Status.Hosts!).Value];
                await sim.EachSecondAsync(() => Reason(world) == HostsVerified.Verified.Name, Story.Patience, "it is proven");

                dns.IsSilent = true;
                await sim.AdvanceAsync(TimeSpan.FromHours(25));
                Assert.Null(Assert.Single(Shop(world).Status.Hosts!).LostAt);
                (dns.IsSilent, dns.Records) = (false, []);
                await sim.AdvanceAsync(TimeSpan.FromHours(73));

                Assert.NotNull(Assert.Single(Shop(world).Status.Hosts!).LostAt);
                Assert.Contains("put back the TXT records", Message(world), StringComparison.Ordinal);
                Assert.Equal(HostsVerified.Verified.Name, Reason(world));
                Assert.Contains(Shop(world).Status.Routes, route => route is { Host: Foreign, Ready: true });
                Assert.Single(world.All<k8s.Models.Eventsv1Event>(), told => told.Reason == "HostProofLost");
            }
        );

    [Fact]
    public void Without_the_wish_of_the_node_nothing_is_asked() =>
        Live(
            async (sim, world, dns) =>
            {
                await sim.EachSecondAsync(
                    () => Shop(world).Status.Routes.Count(route => route.Ready) == 2,
                    Story.Patience,
                    "both are served"
                );

                Assert.Equal((0, HostsVerified.NotNeeded.Name), (dns.Asked, Reason(world)));
                Assert.Null(Shop(world).Status.Hosts);
            },
            HostVerification.None
        );

    private static void Live(
        Func<Simulation, VirtualWorld, Zone, Task> story,
        HostVerification verification = HostVerification.TXT
    ) =>
        Simulation.Run(
            1,
            async sim =>
            {
                using var world = new VirtualWorld(sim);
                var dns = new Zone();
                world.Create(A.Project());
                world.Create(A.Node().With(node => node.Spec.HostVerification = verification));
                world.Create(
                    A.App()
                        .With(app =>
                            app.Spec.Routes.Add(
                                new RouteSpec
                                {
                                    Name = "foreign",
                                    Service = "web",
                                    Port = 8080,
                                    Host = Foreign,
                                }
                            )
                        )
                );
                world.Start(setup => setup.Replace = services => services.AddSingleton<IDnsResolver>(dns));
                await story(sim, world, dns);
            }
        );

    private static ComposeApp Shop(VirtualWorld world) => world.Find<ComposeApp>("shop")!;

    private static string? Reason(VirtualWorld world) =>
        Shop(world).Status.Conditions.FirstOrDefault(found => found.Type == "HostsVerified")?.Reason;

    private static string Message(VirtualWorld world) =>
        Shop(world).Status.Conditions.First(found => found.Type == "HostsVerified").Message;

    /// <summary>A resolver in memory.</summary>
    private sealed class Zone : IDnsResolver
    {
        public Dictionary<string, string[]> Records { get; set; } = [];

        /// <summary>How often the host itself was asked for.</summary>
        public int Asked { get; set; }

        public bool IsSilent { get; set; }

        public Task<TxtAnswer> TxtAsync(string name, CancellationToken cancellationToken)
        {
            if (name == $"_sam-verification.{Foreign}")
                Asked++;
            return Task.FromResult<TxtAnswer>(
                IsSilent ? new TxtAnswer.Silent("no answer") : new TxtAnswer.Found(Records.GetValueOrDefault(name) ?? [])
            );
        }
    }
}
