namespace Sam.Simulators.GitHub;

/// <summary>What every call goes through: faults, who calls, limits, the endpoint, and the way back.</summary>
internal sealed class GitHubApi(GitHubWorld world, GitHubFaults faults)
{
    public GitHubFaults Faults { get; } = faults;

    public GitHubReply Answer(GitHubRequest request)
    {
        lock (world.Lock)
        {
            var answer = GitHub.Answer.NotFound();
            world.Calls.Add(new SimulatedCall(world.Now, request.Method, request.Path, "", answer.Status, null, null));
            return new GitHubReply(answer.Status) { Body = answer.Bytes() };
        }
    }
}
