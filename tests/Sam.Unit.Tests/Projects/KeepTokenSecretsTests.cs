using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Sam.Operator.Controllers.Projects.Steps;
using Sam.Rules.Policy;
using Sam.Simulators.GitHub;
using Sam.Unit.Tests.Tokens;
using static Sam.Crds.V1Alpha1.ProjectConditions;

namespace Sam.Unit.Tests.Projects;

public sealed class KeepTokenSecretsTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(5);

    [Fact]
    public void A_token_Secret_holds_a_token_of_exactly_what_the_entry_asks_for() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                var owner = world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(s_moment);

                var secret = world.Secret("deploy")!;
                var mint = world.GitHub.Mints.Single(one => one.Token == Text(secret, "token"));
                var shown = world.Project("shop")!.Status.TokenSecrets.Single();
                world.Shows("shop", TokenSecretsFresh.Fresh);
                Assert.Equal([world.Shop.Id], mint.AskedRepositoryIds);
                Assert.Equal("write", mint.AskedPermissions!["contents"]);
                Assert.Equal(Text(secret, "expiresAt"), secret.Metadata.Annotations["sam.dev/expires-at"]);
                Assert.Equal(owner.Uid, secret.Metadata.OwnerReferences.Single().Uid);
                Assert.Equal(["acme/shop"], shown.Repositories!);
                Assert.Equal("write", shown.Permissions!["contents"]);
                Assert.InRange(shown.ExpiresAt!.Value, mint.ExpiresAt - s_moment, mint.ExpiresAt);
            }
        );

    [Theory]
    [InlineData("GitCredentials", ".git-credentials", "https://x-access-token:{0}@github.com\n")]
    [InlineData("NetRc", ".netrc", "machine github.com login x-access-token password {0}\n")]
    public void A_token_comes_in_the_form_that_a_tool_reads(string form, string key, string text) =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", form: form)));
                await sim.AdvanceAsync(s_moment);

                var secret = world.Secret("deploy")!;
                Assert.Equal(text.Replace("{0}", Text(secret, "token"), StringComparison.Ordinal), Text(secret, key));
            }
        );

    [Fact]
    public void A_Secret_is_renewed_at_half_life_and_never_holds_a_dead_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", lifetime: "20m")));
                await sim.AdvanceAsync(s_moment);
                var seen = new HashSet<string>();

                for (var minute = 0; minute < 120; minute++)
                {
                    var token = Text(world.Secret("deploy")!, "token");
                    seen.Add(token);
                    Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == token);
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(1));
                }

                Assert.InRange(seen.Count, 11, 14);
                Assert.All(
                    world.GitHub.Mints.Where(mint => seen.Contains(mint.Token) && mint.RevokedAt is not null),
                    mint => Assert.InRange(mint.RevokedAt!.Value - mint.At, TimeSpan.FromMinutes(19), TimeSpan.FromMinutes(20.2))
                );
                Assert.InRange(world.GitHub.LiveTokens().Count(mint => seen.Contains(mint.Token)), 1, 2);
            }
        );

    [Fact]
    public void Two_Projects_for_one_repository_never_share_a_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("one", Spec(Entry("first")));
                world.PutGitHubProject("two", Spec(Entry("second")));
                await sim.AdvanceAsync(s_moment);
                var (first, second) = (Text(world.Secret("first")!, "token"), Text(world.Secret("second")!, "token"));

                world.DeleteProject("one");
                await sim.AdvanceAsync(s_soon);

                Assert.NotEqual(first, second);
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == first);
                Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == second);
            }
        );

    [Fact]
    public void With_its_entry_a_Secret_goes_and_its_token_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(s_moment);
                var (token, other) = (Text(world.Secret("deploy")!, "token"), Text(world.Secret("other")!, "token"));

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]!.AsArray().RemoveAt(0));
                await sim.AdvanceAsync(s_soon);

                Assert.Null(world.Secret("deploy"));
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == token);
                Assert.Equal(other, Text(world.Secret("other")!, "token"));
                Assert.Contains(world.GitHub.LiveTokens(), mint => mint.Token == other);
            }
        );

    [Fact]
    public void An_entry_that_asks_for_less_gets_another_token_and_the_wider_one_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(s_moment);
                var wider = Text(world.Secret("deploy")!, "token");

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]![0]!["permissions"]!["contents"] = "read");
                await sim.AdvanceAsync(s_soon);

                Assert.NotEqual(wider, Text(world.Secret("deploy")!, "token"));
                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == wider);
            }
        );

    [Fact]
    public void With_the_Project_every_Secret_goes_and_every_token_ends() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(s_moment);

                world.DeleteProject("shop");
                await sim.AdvanceAsync(s_soon);

                Assert.Null(world.Project("shop"));
                Assert.Null(world.Secret("deploy"));
                Assert.Empty(world.GitHub.LiveTokens());
                Assert.Empty(world.JournalNames());
            }
        );

    [Fact]
    public void A_Secret_that_somebody_removes_or_spoils_is_written_again_with_the_same_token() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(s_moment);
                var (token, other) = (Text(world.Secret("deploy")!, "token"), Text(world.Secret("other")!, "token"));

                world.Cluster.Remove(PathOf("deploy"));
                world.Cluster.Change(PathOf("other"), secret => secret["data"]!["token"] = "c3BvaWxlZA==");
                await sim.AdvanceAsync(s_soon);

                Assert.Equal(token, Text(world.Secret("deploy")!, "token"));
                Assert.Equal(other, Text(world.Secret("other")!, "token"));
            }
        );

    [Fact]
    public void A_Secret_of_that_name_that_is_not_ours_is_left_as_it_is() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.Cluster.Put(
                    PathOf("deploy"),
                    """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"deploy","namespace":"team"},"data":{"mine":"eA=="}}"""
                );
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("other")));
                await sim.AdvanceAsync(s_moment);
                var refused = world.Reason("shop", TokenSecretsFresh.Type.Name);
                var kept = world.Secret("deploy")!;
                world.Cluster.Remove(PathOf("deploy"));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.Equal(TokenWorld.NamesOf(TokenSecretsFresh.SecretNotOurs), [refused]);
                Assert.Equal(["mine"], kept.Data.Keys);
                world.Shows("shop", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void What_may_not_be_minted_is_typed_and_minted_once_it_may() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("workflows", Spec(Entry("deploy", permission: "workflows", permissions: "write")));
                world.PutGitHubProject("admin", Spec(Entry("ungranted", permission: "deployments", permissions: "write")));
                world.PutGitHubProject("foreign", Spec(Entry("foreign", repositories: """["acme/blog"]""")));
                await sim.AdvanceAsync(s_moment);
                var minted = world.Mints().Count;
                string?[] reasons =
                [
                    world.Reason("workflows", TokenSecretsFresh.Type.Name),
                    world.Reason("admin", TokenSecretsFresh.Type.Name),
                    world.Reason("foreign", TokenSecretsFresh.Type.Name),
                ];

                world.Installation.Grant(
                    world.App.Permissions.Append(new("deployments", "write")).ToDictionary(pair => pair.Key, pair => pair.Value)
                );
                await sim.AdvanceAsync(TimeSpan.FromMinutes(11));

                Assert.Equal(
                    TokenWorld.NamesOf(
                        TokenSecretsFresh.PolicyForbids,
                        TokenSecretsFresh.PermissionNotGranted,
                        TokenSecretsFresh.RepositoryNotVerified
                    ),
                    reasons
                );
                Assert.Equal(0, minted);
                world.Shows("admin", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void A_policy_that_forbids_ends_the_token_that_it_allowed_before() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy", permissions: "write")));
                await sim.AdvanceAsync(s_moment);
                var token = Text(world.Secret("deploy")!, "token");

                world.Policy = new PlatformPolicy { AllowUnlisted = false };
                world.ChangeSpec("shop", spec => spec["suspend"] = true); // anything that makes the Project run
                await sim.AdvanceAsync(s_soon);

                Assert.DoesNotContain(world.GitHub.LiveTokens(), mint => mint.Token == token);
            }
        );

    [Fact]
    public void An_outage_of_half_an_hour_leaves_nothing_stale_for_long() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(25));

                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));
                await sim.AdvanceAsync(TimeSpan.FromMinutes(30));
                var token = Text(world.Secret("deploy")!, "token");
                var alive = world.GitHub.LiveTokens().Any(mint => mint.Token == token);
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.True(alive);
                world.Shows("shop", TokenSecretsFresh.Fresh);
                Assert.NotEqual(token, Text(world.Secret("deploy")!, "token"));
            }
        );

    [Fact]
    public void An_entry_that_comes_in_an_outage_waits_and_one_that_no_registry_takes_is_stale() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec());
                world.PutGitHubProject("pull", Spec());
                await sim.AdvanceAsync(s_moment);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.ChangeSpec("shop", spec => spec["tokenSecrets"]!.AsArray().Add(JsonNode.Parse(Entry("deploy"))));
                world.ChangeSpec(
                    "pull",
                    spec =>
                        spec["tokenSecrets"]!
                            .AsArray()
                            .Add(
                                JsonNode.Parse(
                                    """{"name":"login","kind":"RegistryPullSecret","registry":"nobody.test","repositories":["team/app"],"lifetime":"1h"}"""
                                )
                            )
                );
                await sim.AdvanceAsync(s_soon);
                string?[] reasons =
                [
                    world.Reason("shop", TokenSecretsFresh.Type.Name),
                    world.Reason("pull", TokenSecretsFresh.Type.Name),
                ];
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(3));

                Assert.Equal(TokenWorld.NamesOf(TokenSecretsFresh.GitHubUnavailable, TokenSecretsFresh.SomeStale), reasons);
                world.Shows("shop", TokenSecretsFresh.Fresh);
            }
        );

    [Fact]
    public void A_Project_does_not_go_before_its_tokens_have() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(s_moment);
                world.GitHub.Faults.Play(new GitHubFault(GitHubFaults.ServerError));

                world.DeleteProject("shop");
                await sim.AdvanceAsync(TimeSpan.FromMinutes(10));
                var waits = world.Project("shop")!.Status.Steps.Select(step => step.Name).ToList();
                world.GitHub.Faults.Stop();
                await sim.AdvanceAsync(TimeSpan.FromMinutes(6));

                Assert.Contains(nameof(RevokeTokens), waits);
                Assert.Null(world.Project("shop"));
                Assert.Empty(world.GitHub.LiveTokens());
            }
        );

    [Fact]
    public void An_operator_that_starts_again_keeps_what_is_there() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy")));
                await sim.AdvanceAsync(s_moment);
                var (token, version) = (Text(world.Secret("deploy")!, "token"), world.Secret("deploy")!.Metadata.ResourceVersion);

                world.Kill();
                await world.StartAsync();
                await sim.AdvanceAsync(s_soon);

                Assert.Equal(
                    (token, version),
                    (Text(world.Secret("deploy")!, "token"), world.Secret("deploy")!.Metadata.ResourceVersion)
                );
            }
        );

    [Fact]
    public void No_byte_of_a_token_or_key_is_in_a_log_an_event_or_a_status() =>
        VerifyRepositoryTests.Live(
            async (sim, world) =>
            {
                world.PutGitHubProject("shop", Spec(Entry("deploy"), Entry("workflows", permission: "workflows")));
                await sim.AdvanceAsync(s_moment);
                foreach (
                    var fault in (string[])
                        [
                            GitHubFaults.HalfBody,
                            GitHubFaults.WrongShape,
                            GitHubFaults.HtmlPage,
                            GitHubFaults.MintWider,
                            GitHubFaults.ServerError,
                        ]
                )
                {
                    world.GitHub.Faults.Play(new GitHubFault(fault));
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(40));
                    world.GitHub.Faults.Stop();
                    await sim.AdvanceAsync(TimeSpan.FromMinutes(20));
                }
                world.DeleteProject("shop");
                await sim.AdvanceAsync(s_soon);

                var events = world
                    .Cluster.All($"/apis/events.k8s.io/v1/namespaces/{TokenWorld.Home}/events")
                    .Select(e => e.ToJsonString())
                    .ToList();
                var said = string.Join('\n', [.. world.Logs.All, .. events]);
                var key = Keys.Pem.Split('\n').Skip(1).Take(20).Where(line => line.Length > 20);
                Assert.True(world.GitHub.Mints.Count > 10);
                Assert.Contains(events, entry => entry.Contains("GitHubTokenMinted", StringComparison.Ordinal));
                Assert.All(world.GitHub.Mints, mint => Assert.DoesNotContain(mint.Token, said, StringComparison.Ordinal));
                Assert.All(key, line => Assert.DoesNotContain(line.Trim(), said, StringComparison.Ordinal));
                Assert.DoesNotContain("eyJhbGciOiJSUzI1NiI", said, StringComparison.Ordinal);
            }
        );

    internal static string Spec(params IReadOnlyList<string> entries) =>
        $$"""{"repository":{"owner":"acme","name":"shop"},"tokenSecrets":[{{string.Join(',', entries)}}]}""";

    internal static string Entry(
        string name,
        string permission = "contents",
        string permissions = "read",
        string lifetime = "1h",
        string form = "Token",
        string? repositories = null
    )
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["kind"] = "GitHubToken",
            ["permissions"] = new JsonObject { [permission] = permissions },
            ["lifetime"] = lifetime,
            ["form"] = form,
        };
        if (repositories is not null)
            entry["repositories"] = JsonNode.Parse(repositories);
        return entry.ToJsonString();
    }

    private static string PathOf(string secret) => $"/api/v1/namespaces/{TokenWorld.Home}/secrets/{secret}";

    private static string Text(V1Secret secret, string key) => Encoding.UTF8.GetString(secret.Data[key]);
}
