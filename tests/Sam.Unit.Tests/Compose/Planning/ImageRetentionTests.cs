using System.Collections.Immutable;
using Sam.Compose.Planning;

namespace Sam.Unit.Tests.Compose.Planning;

/// <summary>An image goes only when no rollback within reach needs it.</summary>
public sealed class ImageRetentionTests
{
    [Fact]
    public void Of_five_good_releases_the_images_of_the_oldest_two_go()
    {
        var app = Enumerable.Range(1, 5).Select(n => new RecordedImages(n, IsGood: true, IsWanted: n == 5, [$"web@{n}", "db@1"]));

        var spare = ImageRetention.Spare(
            [
                [.. app],
            ],
            [],
            ImageRetention.GoodBefore
        );

        Assert.Equal(["web@1", "web@2"], spare);
    }

    [Fact]
    public void Failed_releases_do_not_push_good_ones_out()
    {
        RecordedImages[] app =
        [
            new(1, true, false, ["web@1"]),
            new(2, true, true, ["web@2"]),
            new(3, false, false, ["web@3"]),
            new(4, false, false, ["web@4"]),
            new(5, false, false, ["web@5"]),
        ];

        Assert.Equal(["web@3", "web@4", "web@5"], ImageRetention.Spare([app], [], ImageRetention.GoodBeforeWhileFull));
    }

    [Fact]
    public void An_image_that_another_app_or_a_run_in_progress_needs_stays()
    {
        RecordedImages[] leaving = [new(1, false, false, ["shared@1", "own@1", "held@1"])];
        RecordedImages[] other = [new(7, true, true, ["shared@1"])];

        Assert.Equal(["own@1"], ImageRetention.Spare([leaving, other], ["held@1"], ImageRetention.GoodBefore));
    }

    [Fact]
    public void Whatever_the_history_nothing_within_reach_goes_and_nothing_else_stays()
    {
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var apps = Enumerable.Range(0, random.Next(1, 5)).Select(_ => History(random)).ToList();
            var held = Pick(random).Where(_ => random.Next(3) == 0).ToList();
            var goodBefore = random.Next(0, 4);

            var spare = ImageRetention.Spare(apps, held, goodBefore);

            // Said again in other words: an image is needed if one release says so by its rank among the good ones of its own app.
            bool IsNeeded(string image) =>
                held.Contains(image)
                || apps.Any(app =>
                    app.Any(release =>
                        release.Images.Contains(image)
                        && (
                            release.IsWanted
                            || (
                                release.IsGood
                                && app.Count(newer => newer is { IsGood: true, IsWanted: false } && newer.Number > release.Number)
                                    < goodBefore
                            )
                        )
                    )
                );
            var recorded = apps.SelectMany(app => app).SelectMany(release => release.Images).Distinct();
            Assert.True(spare.SetEquals(recorded.Where(image => !IsNeeded(image))), $"seed {seed}");
        }
    }

    private static RecordedImages[] History(Random random) =>
        [
            .. Enumerable
                .Range(1, random.Next(0, 12))
                .Select(n => new RecordedImages(n, random.Next(2) == 0, random.Next(6) == 0, [.. Pick(random)])),
        ];

    private static ImmutableArray<string> Pick(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"image@{random.Next(15)}")];
}
