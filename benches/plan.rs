//! How long reading, planning and writing take; see README.md beside this file.

#![expect(clippy::unwrap_used, reason = "a bench without its input has nothing to measure")]

#[path = "../examples/generate/environment.rs"]
mod environment;
#[path = "../tests/support/shapes.rs"]
mod shapes;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use environment::Environment;
use shapes::SHAPES;
use workos_to_authio::plan;
use workos_to_authio::workos::Bundle;

const SEED: u64 = 1;
const SIZES: [(&str, u64); 3] = [("1k", 1_000), ("10k", 10_000), ("100k", 100_000)];
/// Records of each shape.
const SHAPE_RECORDS: usize = 20_000;

fn document(users: u64) -> String {
    let mut json = Vec::new();
    Environment::new(SEED, users, None).write_json(&mut json).unwrap();
    String::from_utf8(json).unwrap()
}

fn bundle(users: u64) -> Bundle {
    Bundle::from_json(&document(users)).unwrap()
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(10);
    for (size, users) in SIZES {
        let json = document(users);
        group.throughput(Throughput::Bytes(json.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_with_large_drop(|| Bundle::from_json(black_box(&json)));
        });
    }
    group.finish();
}

fn plan_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10);
    for (size, users) in SIZES {
        let bundle = bundle(users);
        group.throughput(Throughput::Elements(users));
        group.bench_function(BenchmarkId::from_parameter(size), |bencher| {
            bencher.iter_with_large_drop(|| plan(black_box(&bundle)));
        });
    }
    group.finish();
}

fn plan_shape(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan_shape");
    group.sample_size(10);
    group.throughput(Throughput::Elements(SHAPE_RECORDS as u64));
    for (name, shape) in SHAPES {
        let bundle = shape(SHAPE_RECORDS);
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter_with_large_drop(|| plan(black_box(&bundle)));
        });
    }
    group.finish();
}

fn to_json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("to_json");
    group.sample_size(10);
    let plan = plan(&bundle(100_000));
    group.throughput(Throughput::Bytes(serde_json::to_vec(&plan).unwrap().len() as u64));
    group.bench_function("100k", |bencher| {
        bencher.iter_with_large_drop(|| serde_json::to_vec(black_box(&plan)));
    });
    group.finish();
}

criterion_group!(benches, parse, plan_size, plan_shape, to_json);
criterion_main!(benches);
