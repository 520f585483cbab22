namespace Sam.Operator.Controllers.Machines;

/// <summary>
/// How many creates of one token may be on their way at once. One after a refusal and at the start, twice as many after each success: what is refused to all is
/// then asked for by one, and a burst that is served is soon as wide as the workers are.
/// </summary>
internal sealed class OrderWindow
{
    private const int Widest = 1024;

    private readonly Lock _lock = new();
    private int _width = 1;
    private int _inFlight;

    /// <summary>Takes a place; false if all are taken.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_inFlight >= _width)
                return false;
            _inFlight++;
            return true;
        }
    }

    /// <summary>The create is over.</summary>
    public void Leave(bool bought)
    {
        lock (_lock)
        {
            _inFlight--;
            _width = bought ? Math.Min(_width * 2, Widest) : 1;
        }
    }
}
