using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Sam.Unit.Tests")]
