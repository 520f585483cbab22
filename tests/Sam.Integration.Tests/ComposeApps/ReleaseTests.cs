using Sam.Crds;
using Sam.Crds.V1Alpha1;
using Sam.Integration.Tests.Kit;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Testing;

namespace Sam.Integration.Tests.ComposeApps;

public sealed class ReleaseTests(SharedCluster shared) : OperatorTest(shared)
{
    private static readonly ImageScript s_neverHealthy = new() { HealthyAfter = null, UnhealthyAfter = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task An_edited_image_rolls_over_and_the_old_serves_until_then()
    {
        var app = await ServedAsync();
        var before = await ServingAsync(app);

        await EditImageAsync("registry.test/shop:2");
        await Expect.ConditionAsync<ComposeApp>("shop", "Applied", "False", "Applying", Cancel);
        Assert.Equal(before.Id, (await ServingAsync(app)).Id);
        var after = await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == 2, "release 2", Cancel);
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);

        var serving = Assert.Single(await ContainersAsync(app));
        Assert.Contains(Script.DigestOf("registry.test/shop:2"), serving.Image, StringComparison.Ordinal);
        Assert.Equal(ApplyState.Applied, after.Status.ApplyState);
    }

    [Fact]
    public async Task A_release_that_never_turns_healthy_is_taken_back_and_the_old_serves_on()
    {
        Script.Image("registry.test/shop:bad", s_neverHealthy);
        var app = await ServedAsync();
        var before = await ServingAsync(app);

        await EditImageAsync("registry.test/shop:bad");
        var reverted = await RefusedAsync("shop", "Applied", "ReleaseReverted", "services.web", "release 1 serves");

        Assert.Equal(ApplyState.Reverted, reverted.Status.ApplyState);
        Assert.Equal(1, reverted.Status.AppliedRelease);
        Assert.Equal("Failed", reverted.Status.Releases.Single(release => release.Number == 2).Outcome);
        Assert.Equal(before.Id, Assert.Single(await ContainersAsync(app)).Id);
        Assert.Equal("True", Expect.Find(reverted, "Stalled")?.Status);
        Assert.Equal("True", Expect.Find(reverted, "Healthy")?.Status);
    }

    [Fact]
    public async Task A_reverted_app_goes_on_with_the_next_edit()
    {
        Script.Image("registry.test/shop:bad", s_neverHealthy);
        await ServedAsync();
        await EditImageAsync("registry.test/shop:bad");
        await RefusedAsync("shop", "Applied", "ReleaseReverted");

        await EditImageAsync("registry.test/shop:3");

        var app = await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        Assert.Equal(3, app.Status.AppliedRelease);
    }

    [Fact]
    public async Task A_first_release_that_fails_is_a_state_of_its_own()
    {
        Script.Image("registry.test/shop:1", s_neverHealthy);
        await NodeAsync();

        await Kube.CreateAsync(A.App(), Cancel);
        var app = await RefusedAsync("shop", "Applied", "FailedInitial", "services.web");

        Assert.Equal(ApplyState.FailedInitial, app.Status.ApplyState);
        Assert.Null(app.Status.AppliedRelease);
        Assert.Empty(await ContainersAsync(app));
        Assert.Equal("True", Expect.Find(app, "Stalled")?.Status);
    }

    [Fact]
    public async Task RollbackTo_brings_a_kept_release_back_and_holds_it()
    {
        var app = await ServedAsync();
        await EditImageAsync("registry.test/shop:2");
        await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == 2, "release 2", Cancel);

        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.RollbackTo = 1, Cancel);
        await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == 1, "release 1", Cancel);
        await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        await EditImageAsync("registry.test/shop:3");
        await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.DesiredRelease == 3, "release 3 recorded", Cancel);
        var held = await Expect.ReadyAsync<ComposeApp>("shop", Cancel);

        Assert.Equal(1, held.Status.AppliedRelease);
        Assert.Contains(
            Script.DigestOf("registry.test/shop:1"),
            Assert.Single(await ContainersAsync(app)).Image,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task RollbackTo_an_unknown_release_is_refused_and_the_app_serves_on()
    {
        var app = await ServedAsync();

        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.RollbackTo = 7, Cancel);
        await RefusedAsync("shop", "ManifestValid", "ReleaseNotFound", "spec.rollbackTo", "status.releases");

        Assert.Single(await ContainersAsync(app));
    }

    [Fact]
    public async Task A_service_with_a_volume_is_stopped_before_the_new_one_starts()
    {
        static string Compose(string tag) =>
            A.Compose($"registry.test/shop:{tag}", "    volumes: [data:/data]") + "\nvolumes: {data: {}}";
        var app = await ServedAsync(A.App().With(a => a.Spec.Compose = Compose("1")));
        var (engine, before) = (await EngineAsync(), await ServingAsync(app));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var watching = WatchAsync(engine, over.Token);

        await Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = Compose("2"), Cancel);
        await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == 2, "release 2", Cancel);
        await over.CancelAsync();

        var happened = await watching;
        var (died, started) = (
            happened.FindIndex(e => e.Action == "die" && e.Id == before.Id),
            happened.FindIndex(e => e.Action == "start" && e.Id != before.Id)
        );
        Assert.InRange(died, 0, started - 1);
    }

    [Fact]
    public async Task Releases_beyond_the_limit_are_forgotten()
    {
        await ServedAsync(A.App().With(a => a.Spec.RevisionHistoryLimit = 1));

        for (var tag = 2; tag <= 4; tag++)
        {
            await EditImageAsync($"registry.test/shop:{tag}");
            var wanted = tag;
            await Expect.ThatAsync<ComposeApp>("shop", a => a.Status.AppliedRelease == wanted, $"release {tag}", Cancel);
        }

        var app = await Expect.ReadyAsync<ComposeApp>("shop", Cancel);
        Assert.Equal([4, 3], app.Status.Releases.Select(release => release.Number));
        var kept = (await Kube.ListAsync<k8s.Models.V1Secret>(Cancel)).Where(secret => secret.Type == Names.ReleaseSecretType);
        Assert.Equal(["shop-release-3", "shop-release-4"], kept.Select(secret => secret.Metadata.Name).Order());
    }

    private Task EditImageAsync(string image) =>
        Kube.EditAsync<ComposeApp>("shop", a => a.Spec.Compose = A.Compose(image), Cancel);

    private static async Task<List<EngineEvent>> WatchAsync(RecordOnlyEngine engine, CancellationToken cancellationToken)
    {
        var happened = new List<EngineEvent>();
        try
        {
            await foreach (
                var e in engine.WatchEventsAsync(new EngineEventFilter { Types = ["container"] }, () => { }, cancellationToken)
            )
                happened.Add(e);
        }
        catch (OperationCanceledException)
        {
            // the test has seen enough
        }

        return happened;
    }
}
