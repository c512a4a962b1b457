"""What Madoguchi does and costs, measured: `make bench` writes docs/bench.md. No part of the product."""
