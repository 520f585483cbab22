using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Clients.Hetzner;

namespace Sam.Unit.Tests.Hetzner;

public sealed class ServerSnapshotTests : IDisposable
{
    private const string Empty = """{"servers":[],"meta":{"pagination":{"page":1,"next_page":null}}}""";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly StubHandler _handler;
    private readonly ServerSnapshot _snapshot;

    public ServerSnapshotTests()
    {
        _handler = new StubHandler(
            async (_, cancellationToken) =>
            {
                var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(gate);
                _arrived.Release();
                await gate.Task.WaitAsync(cancellationToken);
                return new HttpResponseMessage { Content = new StringContent(Empty) };
            }
        );
        var clients = new HetznerClients(new HetznerOptions(), _time, observer: null, _handler);
        _snapshot = clients.SnapshotFor(new HetznerToken("t"), HetznerLabels.SelectorFor("i1"));
    }

    public void Dispose()
    {
        _arrived.Dispose();
        _handler.Dispose();
    }

    [Fact]
    public async Task Serves_readers_at_once_with_one_call()
    {
        var readers = Enumerable.Range(0, 50).Select(_ => Read(TimeSpan.FromSeconds(5))).ToList();
        await AnswerAsync(0);
        await Task.WhenAll(readers);

        _time.Advance(TimeSpan.FromSeconds(4));
        await Read(TimeSpan.FromSeconds(5));

        Assert.Single(_handler.Requests);
    }

    [Fact]
    public async Task Asks_again_when_the_list_is_older_than_the_reader_accepts()
    {
        var first = Read(TimeSpan.FromSeconds(5));
        await AnswerAsync(0);
        await first;
        _time.Advance(TimeSpan.FromSeconds(6));

        var second = Read(TimeSpan.FromSeconds(5));
        await AnswerAsync(1);

        Assert.Equal(_time.GetUtcNow(), (await second).AskedAt);
    }

    [Fact]
    public async Task Does_not_serve_a_list_asked_for_before_an_own_write()
    {
        var before = Read(TimeSpan.Zero);
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        _snapshot.Invalidate();
        var after = Read(TimeSpan.FromMinutes(1));
        _waiting[0].SetResult();
        await before;

        var servedByTheOldCall = after.IsCompleted;
        await AnswerAsync(1);

        Assert.False(servedByTheOldCall);
        Assert.Equal(1, (await after).Generation);
    }

    [Fact]
    public async Task Goes_on_for_the_others_when_one_reader_leaves()
    {
        using var leaving = new CancellationTokenSource();
        var left = _snapshot.GetAsync(TimeSpan.Zero, leaving.Token);
        var stays = Read(TimeSpan.FromSeconds(1));
        await leaving.CancelAsync();
        await AnswerAsync(0);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Empty((await stays).Servers);
        Assert.Single(_handler.Requests);
    }

    private Task<ServerSnapshot.Listing> Read(TimeSpan maxAge) =>
        _snapshot.GetAsync(maxAge, TestContext.Current.CancellationToken);

    private async Task AnswerAsync(int call)
    {
        await _arrived.WaitAsync(TestContext.Current.CancellationToken);
        _waiting[call].SetResult();
    }
}
