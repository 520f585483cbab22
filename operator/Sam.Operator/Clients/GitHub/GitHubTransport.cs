using System.Globalization;
using System.Net.Http.Headers;
using Sam.Runtime.Leases;

namespace Sam.Operator.Clients.GitHub;

/// <summary>One call to GitHub: asks the gates and leadership, sends, counts, and turns every fault into its type.</summary>
internal sealed class GitHubTransport(
    HttpMessageInvoker http,
    GitHubOptions options,
    GitHubClock clock,
    GitHubOutage outage,
    ILeadership leadership,
    IGitHubCallObserver? observer,
    TimeProvider timeProvider
)
{
    private const int MaxBody = 16 * 1024 * 1024;

    public GitHubClock Clock => clock;

    /// <summary>Sends; the first gate is the budget that pays and that the answer's headers speak of, a pause closes the last.</summary>
    public async Task<GitHubReply> SendAsync(
        GitHubRequest request,
        GitHubCredential credential,
        IReadOnlyList<GitHubGate> gates,
        CancellationToken cancellationToken
    )
    {
        foreach (var gate in gates.Skip(1))
            gate.Check(request.IsLast);
        await gates[0].EnterAsync(request, cancellationToken);
        outage.Enter();
        if (request.IsWrite)
            leadership.ThrowIfNotLeader();
        var started = timeProvider.GetTimestamp();
        var code = "connection";
        using var timeout = new CancellationTokenSource(Patience(request), timeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var message = Message(request, credential);
            using var response = await http.SendAsync(message, both.Token);
            var body = await ReadAsync(response, both.Token);
            code = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
            return Judge(request, credential, gates, response, body);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            code = "cancelled";
            throw;
        }
        catch (OperationCanceledException)
        {
            code = "timeout";
            throw Broken(request, $"gave no whole answer within {options.RequestTimeout.TotalSeconds:0.#} s", null);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw Broken(request, $"broke the connection or cannot be reached ({credential.Scrub(fault.Message)})", fault);
        }
        finally
        {
            observer?.Called(new GitHubCall(request.Method.Method, request.Route, code, timeProvider.GetElapsedTime(started)));
        }
    }

    private GitHubReply Judge(
        GitHubRequest request,
        GitHubCredential credential,
        IReadOnlyList<GitHubGate> gates,
        HttpResponseMessage response,
        byte[] body
    )
    {
        var learned = clock.Learn(response.Headers.Date);
        var limits = GitHubLimits.Read(response, clock);
        if (limits is { Limit: { } limit, Remaining: { } remaining, ResetAt: { } resetAt })
        {
            gates[0].Told(new GitHubBudget(limit, remaining, resetAt));
            observer?.BudgetRead(gates[0].Name, remaining);
        }
        var status = response.StatusCode;
        if (response.IsSuccessStatusCode || request.Accepts.Contains(status))
        {
            outage.Answered();
            foreach (var gate in gates)
                gate.Succeeded();
            return new GitHubReply(status, body, response.Headers.Location, response.Headers.Date ?? clock.Theirs);
        }
        throw Refusal(request, credential, gates, response, GitHubErrors.Read(body), limits, learned);
    }

    private GitHubException Refusal(
        GitHubRequest request,
        GitHubCredential credential,
        IReadOnlyList<GitHubGate> gates,
        HttpResponseMessage response,
        GitHubErrorBody body,
        GitHubLimitHeaders limits,
        bool clockWasWrong
    )
    {
        var status = response.StatusCode;
        var kind = GitHubErrors.Classify(status, body, limits, credential.IsApp);
        DateTimeOffset? retryAt = kind switch
        {
            // The hour's budget is the first gate's; a secondary limit is that of whom the call concerns.
            GitHubErrorKind.RateLimited => gates[0].Pause(kind, limits.ResetAt),
            GitHubErrorKind.SecondaryRateLimited => gates[^1].Pause(kind, limits.RetryAfter),
            GitHubErrorKind.Transient => limits.RetryAfter,
            _ => null,
        };
        if (kind == GitHubErrorKind.Transient)
            outage.Failed();
        else
            outage.Answered();
        var text = body.Message.Length > 0 ? $": {credential.Scrub(body.Message)}" : "";
        return new GitHubException(kind, $"GitHub answered {(int)status} to {request.Method} {request.Route}{text}", (int)status)
        {
            RetryAt = retryAt,
            RetryAfter = retryAt is { } at ? TimeSpan.FromTicks(Math.Max(0, (at - clock.Ours).Ticks)) : null,
            // A gateway may answer for a backend that went on.
            MayHaveTakenEffect = request.IsWrite && kind is GitHubErrorKind.Transient or GitHubErrorKind.Unknown,
            ClockWasWrong = clockWasWrong,
        };
    }

    private GitHubException Broken(GitHubRequest request, string what, Exception? fault)
    {
        outage.Failed();
        return new GitHubException(
            GitHubErrorKind.Transient,
            $"GitHub {what}: {request.Method} {request.Route}",
            innerException: fault
        )
        {
            MayHaveTakenEffect = request.IsWrite,
        };
    }

    // An effect that is stuck on the way is given up before the next leader can begin.
    private TimeSpan Patience(GitHubRequest request) =>
        request.IsWrite && leadership.Remaining is var left && left >= TimeSpan.Zero && left < options.RequestTimeout
            ? left
            : options.RequestTimeout;

    private HttpRequestMessage Message(GitHubRequest request, GitHubCredential credential)
    {
        var message = new HttpRequestMessage(request.Method, new Uri(options.Endpoint, request.Path))
        {
            Content = request.Content(),
        };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.Reveal());
        message.Headers.UserAgent.ParseAdd(options.UserAgent);
        message.Headers.Accept.ParseAdd("application/vnd.github+json");
        message.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
        return message;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > MaxBody)
                throw new IOException("the answer is longer than 16 MiB");
        }
        return buffer.ToArray();
    }
}
